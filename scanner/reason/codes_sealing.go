package reason

// Why Kerberos does not protect an LDAP connection (RFC 4752, RFC 4121).
const (
	// NoSubkey: the controller chose no key of its own
	NoSubkey Code = "no-subkey"
	// LayersUnreadable: the offer of layers cannot be read. Args: words.
	LayersUnreadable Code = "layers-unreadable"
	// LayersForged: the offer of layers is not that of the controller. Args: words.
	LayersForged Code = "layers-forged"
	// LayersMalformed: the offer of layers has another size. Args: octets.
	LayersMalformed Code = "layers-malformed"
	// LayerMissing: the wanted layer is not offered. Args: offered, wanted.
	LayerMissing Code = "layer-missing"
	// EncryptionTooOld: a type of encryption that is no AES. Args: type.
	EncryptionTooOld Code = "encryption-too-old"
	// MessagesTooSmall: the controller takes messages of a few octets. Args: octets.
	MessagesTooSmall Code = "messages-too-small"
	// SealedSizeWrong: a sealed message cannot have this size. Args: octets.
	SealedSizeWrong Code = "sealed-size-wrong"
	// NotSealed: a message is not sealed by the controller, or is not the next one
	NotSealed Code = "not-sealed"
)

// Why no ticket is asked for.
const (
	// KerberosByAddress: a controller is declared by its address. Args: server.
	KerberosByAddress Code = "kerberos-by-address"
	// KerberosFileUnread: a file that KRB5_CONFIG names is not there, or is none.
	// Args: files, words.
	KerberosFileUnread Code = "kerberos-file-unread"
	// RealmMiswritten: a file that KRB5_CONFIG names has the realm in other letters.
	// Args: at, written, realm.
	RealmMiswritten Code = "realm-miswritten"
)
