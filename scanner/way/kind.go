// Package way is what a way into a vantage says of itself: how it is written in
// kmsiso.yaml, which credentials log in by it and what the machine gets of them, and
// what it implies for the judge. A way has one such description; the form of the
// file, its schema, the messages and the checks are made from these.
//
// It does not know how a way is opened (package vantage/entry does), nor what a
// policy is.
package way

// Kind describes one kind of way in.
type Kind struct {
	// Name is its key in kmsiso.yaml, and the word by which a run document and
	// evidence name it.
	Name string
	// Title names it in a sentence: "the way by WinRM into vantage a".
	Title string
	// Value is what stands behind the name: {ssh: VALUE}. Its Key is the name of the
	// value in [Values] and in a run document.
	Value Option
	// Options are what may stand beside it, or be inherited from the vantage and the
	// defaults. Ways that have an option of the same key mean the same by it.
	Options []Option
	// Login says which credentials log in by it; nil is none.
	Login *Login
	// OfSets says that the vantages of a set are entered by it where the set names
	// no way in. One kind is.
	OfSets bool
	// Said is how a sentence names the way: "by ssh at guest.example.test".
	Said func(Values) string
	// Check says what is wrong with what was written, beyond single options; nil
	// finds nothing.
	Check func(Asked) []Mistake
	// Implies is what the judge has to know of the way; nil is nothing.
	Implies func(Values) Facts
}

// Type is what an option holds.
type Type int

// The types.
const (
	Text  Type = iota // one line of text
	File              // a path, relative to the file that names it; there must be such a file
	Words             // a list of text: a program and its arguments
	Flag              // true, and nothing else
)

// Option is one value that may be written.
type Option struct {
	Key string
	// About describes it, for editors.
	About string
	Type  Type
	// Choice are the words that it may be; empty is any text. Standard is the one that
	// holds where nothing is written.
	Choice   []string
	Standard string
	// Pattern is a regular expression (ECMA 262) of all that may be written, for
	// editors; "" is any.
	Pattern string
	// Check returns the value as it is kept. Its error holds all that is wrong,
	// joined; [ErrSecret] has the value hidden. nil takes the value as it is.
	Check func(written string) (string, error)
}

// Login says which credentials log in by a way.
type Login struct {
	// Needed says that there must be one.
	Needed bool
	// Inherits are the kinds that are taken from the vantage or the defaults; nil is
	// all. What is not among them is only used where the way itself names it.
	Inherits []string
	// Receives is what the machine gets, by kind of credential.
	Receives []Receipt
	// Refuses says of kinds that do not log in why not and what to do, as what
	// follows "credential NAME ".
	Refuses map[string]string
}

// Receipt is what a machine gets of a credential.
type Receipt struct {
	Credential string // its kind: password, keytab, ccache, key
	What       string // for people: "a signature; the key stays where it is"
	// Shown says that the machine can count a wrong secret as a failed log-on: it is
	// shown to a domain controller first.
	Shown bool
}

// Facts are what a way implies. The zero value is the least that can be: nothing is
// concluded from it.
type Facts struct {
	// Here says that kmsiso itself runs on the vantage.
	Here bool `json:"here,omitempty"`
	// FarEnd says that a far end of kmsiso can run there, and so may watch.
	FarEnd bool `json:"farEnd,omitempty"`
	// Machine is the host name or address that the way leads to, in lower case; "" is
	// not known.
	Machine string `json:"machine,omitempty"`
	// Ports are the TCP ports of the machine that it may be entered by.
	Ports []uint16 `json:"ports,omitempty"`
	// Shown are the kinds of credentials that the machine is shown.
	Shown []string `json:"shown,omitempty"`
}

// Facts returns what the way implies with these values.
func (k Kind) Facts(v Values) Facts {
	var f Facts
	if k.Implies != nil {
		f = k.Implies(v)
	}
	if k.Login != nil {
		for _, r := range k.Login.Receives {
			if r.Shown {
				f.Shown = append(f.Shown, r.Credential)
			}
		}
	}
	return f
}

// Asked is a way as it was written, with what it has to suit.
type Asked struct {
	Vantage    string // into which it leads
	Values     Values
	ForbidNTLM bool // the policy forbids NTLM
}

// Mistake is something that is wrong with a way.
type Mistake struct {
	// Option is the key of the option that it is about; "" is the way as a whole.
	Option string
	Text   string
}
