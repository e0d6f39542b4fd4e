package reason

// Why nothing more is asked of a server: what it sends is no good, or too much.
const (
	// ReadingTooLarge: more came than a directory has. Args: mib, the limit.
	ReadingTooLarge Code = "reading-too-large"
	// TooManyObjects: more came than can be kept. Args: mib, the limit.
	TooManyObjects Code = "too-many-objects"
	// ServerTooSlow: a server plays for time. Args: spent, kb, which came in that time.
	ServerTooSlow Code = "server-too-slow"
	// AnswerTooLong: one question has an answer without end. Args: messages, mib or
	// values, of which it is the limit.
	AnswerTooLong Code = "answer-too-long"
	// MessageTooLarge: one message is larger than any can be. Args: mib, values or
	// depth, of which it is the limit, or kb, which it has.
	MessageTooLarge Code = "message-too-large"
	// MessageMalformed: the parts of a message do not fit into it, or its length is none
	MessageMalformed Code = "message-malformed"
	// MessageWithoutLength: a message of indefinite length
	MessageWithoutLength Code = "message-without-length"
	// NotLDAP: something else than LDAP
	NotLDAP Code = "not-ldap"
	// UnaskedAnswer: something that nobody asked for
	UnaskedAnswer Code = "unasked-answer"
	// MoreThanThereIs: a search found more than there can be. Args: most.
	MoreThanThereIs Code = "more-than-there-is"
	// PageTooLarge: a page has more objects than were asked for. Args: sent, asked.
	PageTooLarge Code = "page-too-large"
	// PagesEmpty: pages without an object in them. Args: pages.
	PagesEmpty Code = "empty-pages"
	// PageRepeated: the page that came before came again
	PageRepeated Code = "repeated-page"
	// OtherRange: other members of a group than those that were asked for. Args:
	// group, from, words.
	OtherRange Code = "other-range"
)
