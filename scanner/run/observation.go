package run

import (
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// Probe names the code that makes an observation.
type Probe string

// The probes.
const (
	ProbeICMP     Probe = "icmp"      // echo request
	ProbeTCP      Probe = "tcp"       // connect, then close
	ProbeRPC      Probe = "rpc-bind"  // connect and bind to the KMS interface, or with Param "random" to a random one
	ProbeIKE      Probe = "ike"       // first messages of IKEv1, AuthIP and IKEv2 until one is answered
	ProbeLargeIKE Probe = "ike-large" // the first message in which [ProbeIKE] was answered, larger than a packet
	ProbeESP      Probe = "esp"       // raw protocol-50 datagrams from Vantage, watched for at Peer
	ProbeFlows    Probe = "flows"     // what passes the wire at a vantage while the run lasts
	ProbeSRV      Probe = "srv"       // _vlmcs._tcp.<Param> at each of the vantage's own resolvers
	ProbeRegistry Probe = "registry"  // the registry key Param with everything below it
	ProbeClock    Probe = "clock"     // the clock of the vantage
	// ProbeTCPFrom connects from the source port Param, and closes by a reset.
	ProbeTCPFrom Probe = "tcp-from"
	// ProbeUDP asks the service of a UDP port, from whatever source port and from each of
	// [TrustedPorts]. One of these that the vantage has not is a try without a Local.
	ProbeUDP Probe = "udp-service"
	// ProbeAddresses connects to the TCP ports of Param, with spaces between them, of
	// which 0 is echo, at the addresses that the vantage Peer uses in the host Target and
	// that the policy does not list for it. Where something answers it is asked for IKE.
	ProbeAddresses Probe = "addresses"
	// ProbeDirectory reads what the forest Param says of Group Policy; it needs
	// no vantage, and its needs name [DirectoryVantage].
	ProbeDirectory Probe = "directory"
	// ProbeUnlisted asks for nothing: it says that what the cell Param needs could
	// not be listed, because its check broke.
	ProbeUnlisted Probe = "unlisted"
)

// TrustedPorts are the source ports of UDP that filters let through for answers of DHCP,
// Kerberos and IKE, as the default exemptions of Windows 2000 did (Microsoft KB 811832).
var TrustedPorts = []uint16{67, 88, 500}

// RandomInterface is the Param of a [ProbeRPC] that asks for a random interface,
// as a control of what answers.
const RandomInterface = "random"

// PaddedBind is the Param of a [ProbeRPC] whose bind offers the KMS interface in many
// contexts, so that a watch knows the connection by the sizes of its packets.
const PaddedBind = "padded"

// DirectoryVantage is the name that stands for a vantage in the cells and needs
// of what is configured.
const DirectoryVantage = "directory"

// When says at which moment of the run a need is observed.
type When string

// The moments of a run, in order. Throughout spans all of them.
const (
	Once       When = "once"       // at any time
	Before     When = "before"     // a positive control, before the denied window
	Window     When = "window"     // the denied window: three tries spread over it
	After      When = "after"      // the same control again, after the window
	Alone      When = "alone"      // after all windows, with no other connection between the two ends
	Throughout When = "throughout" // from before the first probe to after the last
)

// Spec is what to observe. It is comparable: equal specs are observed once.
type Spec struct {
	Probe  Probe      `json:"probe"`
	Target string     `json:"target,omitempty"` // declared name, for people
	Addr   netip.Addr `json:"addr,omitzero"`    // invalid where the name did not resolve
	Port   uint16     `json:"port,omitempty"`
	Peer   string     `json:"peer,omitempty"`  // name of the second vantage, for probes with two ends
	Param  string     `json:"param,omitempty"` // what the probe's own doc says
}

// Need asks for a Spec to be observed from a vantage at a moment.
type Need struct {
	Vantage string `json:"vantage"`
	Spec
	When When `json:"when"`
}

// Observation is what a probe saw, or why it saw nothing. Exactly one of
// Class, Missing and Trouble is set.
type Observation struct {
	ID   string `json:"id"`
	Need Need   `json:"need"`
	// Via is the way into the vantage that made it, such as "ssh guest.example.test".
	Via string `json:"via,omitempty"`
	// Start and End are on the controller's monotonic clock, since the run began.
	Start time.Duration `json:"start"`
	End   time.Duration `json:"end"`
	// Class of the probe as a whole: the best of its tries.
	Class Class `json:"class,omitempty"`
	// Missing says why the vantage cannot do this at all.
	Missing reason.List `json:"missing,omitempty"`
	// Trouble says how the tool failed.
	Trouble reason.List `json:"error,omitempty"`
	// Stopped says of an error that the run was stopped before this was observed.
	Stopped bool `json:"stopped,omitempty"`
	// Broke says of an error that the code of kmsiso itself broke.
	Broke bool `json:"broke,omitempty"`
	// Weak says why a positive answer of this source proves nothing by itself.
	Weak  string `json:"weak,omitempty"`
	Tries []Try  `json:"tries,omitempty"`

	RPC      *RPC            `json:"rpc,omitempty"`
	IKE      *IKE            `json:"ike,omitempty"`
	ESP      *ESP            `json:"esp,omitempty"`
	SRV      []SRVAnswer     `json:"srv,omitempty"`
	Flows    Flows           `json:"flows,omitempty"`
	Watch    *Watch          `json:"watch,omitempty"` // how the watch stood that saw Flows
	Registry registry.Values `json:"registry,omitempty"`
	Clock    *Clock          `json:"clock,omitempty"`
	Parts    []Part          `json:"parts,omitempty"` // of [ProbeAddresses]
	Forest   *Forest         `json:"forest,omitempty"`
}

// RPC is the outcome of the DCE/RPC bind of [ProbeRPC].
type RPC struct {
	// Bind is "accepted", "rejected" or "nak". A Windows RPC runtime rejects a
	// random interface; where it is accepted, this is no such runtime.
	Bind string `json:"bind"`
	Note string `json:"note,omitempty"`
	// Asked and Heard are the octets of the bind and of its answer, 0 unknown.
	Asked int `json:"asked,omitempty"`
	Heard int `json:"heard,omitempty"`
}

// IKE is the first answer to the IKE exchanges of [ProbeIKE] or [ProbeLargeIKE].
type IKE struct {
	Protocol  string   `json:"protocol"`            // "ikev1-65001", "ikev1-psk", "authip", "ikev2"
	Answer    string   `json:"answer"`              // "sa", "notify", "cookie", "other"
	Notify    string   `json:"notify,omitempty"`    // name or number of the notification
	VendorIDs []string `json:"vendorIDs,omitempty"` // known names, else hex
	Asked     []string `json:"asked"`               // protocols that were sent, in order
	// Size is the octets of the message that was sent, where it was made larger than a
	// packet.
	Size int `json:"size,omitempty"`
	// Again is how many messages of usual size were sent once more, where no larger one
	// was answered, and AgainHeard how many of these were.
	Again      int `json:"again,omitempty"`
	AgainHeard int `json:"againHeard,omitempty"`
}

// ESP is what came of the datagrams of [ProbeESP].
type ESP struct {
	SPI       uint32 `json:"spi"`
	Small     int    `json:"small"`     // small datagrams sent
	SmallSeen int    `json:"smallSeen"` // and seen at the peer
	Large     int    `json:"large"`     // datagrams of LargeSize sent
	LargeSeen int    `json:"largeSeen"`
	LargeSize int    `json:"largeSize"` // octets of the IP datagram
}

// SRVAnswer is one resolver's answer for _vlmcs._tcp of a domain.
type SRVAnswer struct {
	Resolver netip.AddrPort `json:"resolver"`
	Domain   string         `json:"domain"`
	Class    Class          `json:"class"`
	RCode    string         `json:"rcode,omitempty"` // "success", "nxdomain", ...
	Records  []SRVRecord    `json:"records,omitempty"`
	Note     string         `json:"note,omitempty"`
}

// SRVRecord is one SRV record, with the addresses the same resolver gives for
// its target.
type SRVRecord struct {
	Target   string       `json:"target"` // without the final dot
	Port     uint16       `json:"port"`
	Priority uint16       `json:"priority"`
	Weight   uint16       `json:"weight"`
	TTL      uint32       `json:"ttl"` // seconds
	Addrs    []netip.Addr `json:"addrs,omitempty"`
	// Canonical is the name that the target is an alias of (CNAME), without the
	// final dot; "" where it is none, as RFC 2782 wants it.
	Canonical string `json:"canonical,omitempty"`
	// Unanswered says that the resolver did not tell the target's addresses, or was
	// not asked for them.
	Unanswered bool `json:"unanswered,omitempty"`
}

// Heard reports whether something came back in the protocol spoken. It is false of
// no observation.
func (o *Observation) Heard() bool { return o != nil && o.Class == Answered }

// Spoke reports whether the peer said anything at all, if only no.
func (o *Observation) Spoke() bool { return o != nil && o.Class.Spoke() }

// TTL returns the hop count of the answer, 0 where it is not known.
func (o *Observation) TTL() int {
	for i := len(o.Tries) - 1; i >= 0; i-- {
		if o.Tries[i].TTL != 0 && !o.Tries[i].Class.Local() {
			return o.Tries[i].TTL
		}
	}
	return 0
}
