package frame

// Of a TCP header (RFC 9293 3.1): where its flags octet is, the flags in it, and how
// many octets it has at least. They are for filters in the kernel.
const (
	FlagsAt        = 13
	FlagSYN        = 0x02
	FlagRST        = 0x04
	FlagACK        = 0x10
	FlagSYNACK     = FlagSYN | FlagACK
	TCPHeaderBytes = 20
)
