package effect

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
)

// Env is what is known of the machine at one end. What is not given is not
// known: a rule that depends on it may be for a packet or not.
type Env struct {
	Profile string // domain, private or public: that of the interface
	// Version is the highest policy version the machine's Windows knows
	// ([MS-FASP] note 12): 2.26 is {2, 26}. See [WindowsVersion].
	Version *consec.Version
	OS      *consec.OS
	// InterfaceType is Lan, Wireless or RemoteAccess, Interface the GUID of the
	// interface.
	InterfaceType, Interface string
	// Service is the short name of the service that has the machine's port, or
	// sends the packet. TCP 1688 is taken to be the KMS host's own where it is
	// empty.
	Service string
	// Keywords says what a keyword such as LocalSubnet or DNS stands for on the
	// machine. A keyword that is not there is not known; one without ranges
	// covers nothing.
	Keywords map[string][]consec.Range
}
