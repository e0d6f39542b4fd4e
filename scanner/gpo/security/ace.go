package security

// Type is the type of an access control entry ([MS-DTYP] 2.4.4.1).
type Type uint8

// Types of entries that decide about access. The others are kept and shown.
const (
	Allow               Type = 0x00
	Deny                Type = 0x01
	AllowObject         Type = 0x05
	DenyObject          Type = 0x06
	AllowCallback       Type = 0x09
	DenyCallback        Type = 0x0a
	AllowCallbackObject Type = 0x0b
	DenyCallbackObject  Type = 0x0c
	MandatoryLabel      Type = 0x11
	ResourceAttribute   Type = 0x12
)

// layout is how the bytes after the header of an entry are arranged.
type layout uint8

const (
	unknownLayout layout = iota
	plainLayout          // mask, SID
	objectLayout         // mask, flags, up to two GUIDs, SID
)

// kind is what is known of a [Type].
type kind struct {
	layout layout
	code   string // the letters of SDDL; "" where it has none
	allow  bool
	deny   bool
	// data says that what follows the SID means something: a condition or the
	// value of a claim.
	data      bool
	condition bool
}

var kinds = [256]kind{
	Allow:               {layout: plainLayout, code: "A", allow: true},
	Deny:                {layout: plainLayout, code: "D", deny: true},
	0x02:                {layout: plainLayout, code: "AU"},
	0x03:                {layout: plainLayout, code: "AL"},
	AllowObject:         {layout: objectLayout, code: "OA", allow: true},
	DenyObject:          {layout: objectLayout, code: "OD", deny: true},
	0x07:                {layout: objectLayout, code: "OU"},
	0x08:                {layout: objectLayout, code: "OL"},
	AllowCallback:       {layout: plainLayout, code: "XA", allow: true, data: true, condition: true},
	DenyCallback:        {layout: plainLayout, code: "XD", deny: true, data: true, condition: true},
	AllowCallbackObject: {layout: objectLayout, code: "ZA", allow: true, data: true, condition: true},
	DenyCallbackObject:  {layout: objectLayout, deny: true, data: true, condition: true},
	0x0d:                {layout: plainLayout, code: "XU", data: true, condition: true},
	0x0e:                {layout: plainLayout, data: true, condition: true},
	0x0f:                {layout: objectLayout, data: true, condition: true},
	0x10:                {layout: objectLayout, data: true, condition: true},
	MandatoryLabel:      {layout: plainLayout, code: "ML"},
	ResourceAttribute:   {layout: plainLayout, code: "RA", data: true},
	0x13:                {layout: plainLayout, code: "SP"},
	0x14:                {layout: plainLayout, code: "TL"},
	0x15:                {layout: plainLayout, code: "FL", data: true, condition: true},
}

// Flags of an entry ([MS-DTYP] 2.4.4.1).
type Flags uint8

// The flags.
const (
	ObjectInherit    Flags = 0x01
	ContainerInherit Flags = 0x02
	NoPropagate      Flags = 0x04
	InheritOnly      Flags = 0x08 // for children only: it does not count here
	Inherited        Flags = 0x10
	Critical         Flags = 0x20
	AuditSuccess     Flags = 0x40
	AuditFailure     Flags = 0x80
)

// Rights in the mask of an entry ([MS-ADTS] 5.1.3.2, [MS-DTYP] 2.4.3).
const (
	ReadProperty   uint32 = 0x00000010 // RIGHT_DS_READ_PROPERTY
	ControlAccess  uint32 = 0x00000100 // RIGHT_DS_CONTROL_ACCESS, an extended right
	ReadControl    uint32 = 0x00020000 // the descriptor itself
	WriteDAC       uint32 = 0x00040000
	GenericAll     uint32 = 0x10000000
	GenericExecute uint32 = 0x20000000
	GenericWrite   uint32 = 0x40000000
	GenericRead    uint32 = 0x80000000
)

// ACE is an access control entry.
type ACE struct {
	Type  Type
	Flags Flags
	Mask  uint32
	// Object is what of the directory's object the entry is about: an extended
	// right, a property or a class; nil for all of it. InheritedObject is the
	// class of the children that inherit it; nil for all classes.
	Object          *GUID
	InheritedObject *GUID
	Trustee         SID // "" in an entry of an unknown type
	// Data is what follows the SID of an entry with a condition or with the
	// value of a claim, and all after the header of an entry of an unknown
	// type. It is not evaluated.
	Data []byte
	// Expression is the same as SDDL has it, in its parentheses, for an entry
	// that was read from there; "" where Data has it.
	Expression string
}

// generic is what the generic rights mean for an object of the directory
// ([MS-ADTS] 5.1.3.2).
var generic = []struct{ bit, rights uint32 }{
	{GenericRead, 0x00020094},
	{GenericWrite, 0x00020028},
	{GenericExecute, 0x00020004},
	{GenericAll, 0x000f01ff},
}

// specific is the mask with its generic rights replaced by what they mean.
func specific(mask uint32) uint32 {
	for _, g := range generic {
		if mask&g.bit != 0 {
			mask = mask&^g.bit | g.rights
		}
	}
	return mask
}
