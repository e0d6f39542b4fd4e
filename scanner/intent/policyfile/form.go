package policyfile

import (
	"net/netip"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/kmsiso/kmsiso/scanner/nearmiss"
)

// The form of the file: what may be written where. The reader fills it, and the
// schema is made from it (see [Schema]), by the tags of its fields:
//
//	yaml      the key
//	about     what it is, for editors
//	enum      the words that it may be
//	pattern   a regular expression (ECMA 262) of what may be written
//	also      another type of JSON that is taken: a number for a name such as 2027
//	const     the only value, as JSON
//	range     the least and the most, of a number
//	each...   about, pattern and also of the items of a list; eachname: items are names
//
// and by those of the field _, for the form as a whole:
//
//	def       its name in the schema
//	required  keys that must be there
//	anyof     keys of which at least one must be there
//	oneof     keys of which one must be there, "without" those that mean nothing beside
//	          it; * is each source in files
//	members   how many keys there are
//
// A field of the form can have def, about and required of its own where the same form
// stands for something else.

type text = scalar[string]

type fileForm struct {
	_           struct{}                     `about:"Declared isolation of KMS hosts, read by kmsiso."`
	Version     scalar[int]                  `yaml:"version" const:"1" about:"Of this form."`
	Include     list[text]                   `yaml:"include" about:"Further files, as patterns relative to this one." each:"pattern"`
	Isolation   block[isolationForm]         `yaml:"isolation"`
	Hosts       table[block[hostForm]]       `yaml:"hosts" about:"KMS hosts."`
	Exemptions  list[block[exemptionForm]]   `yaml:"exemptions" about:"Addresses that reach hosts in clear."`
	Forests     table[block[forestForm]]     `yaml:"forests" about:"Active Directory forests."`
	Credentials table[block[credentialForm]] `yaml:"credentials" about:"Where secrets are."`
	NTLM        text                         `yaml:"ntlm" enum:"allow forbid" about:"Whether NTLM may be used, over WinRM and SMB. Forbidden, WinRM takes Basic inside HTTPS alone, and SMB Kerberos."`
	Vantages    table[block[vantageForm]]    `yaml:"vantages" about:"Places to observe from."`
	VantageSets list[block[setForm]]         `yaml:"vantage_sets" about:"Many vantages at once."`
	Defaults    block[defaultsForm]          `yaml:"defaults"`
	Limits      block[limitsForm]            `yaml:"limits"`
	Waivers     list[block[waiverForm]]      `yaml:"waivers" about:"What fails or is inconclusive and somebody answers for."`
	Zone        text                         `yaml:"zone" about:"Time zone in which a day ends, as an IANA name such as Europe/Berlin; UTC."`
}

type isolationForm struct {
	_        struct{}                `def:"isolation" about:"How far the isolation is rolled out, and how it is judged."`
	Stage    text                    `yaml:"stage" enum:"request require" about:"request: outsiders still pass. require: they must not."`
	Basis    text                    `yaml:"basis" enum:"paper hardened" about:"paper: what the white paper asks for. hardened: what is safe."`
	Scope    text                    `yaml:"scope" enum:"host kms-port" about:"host: every port of a host. kms-port: TCP 1688 only."`
	Policies list[block[gpoForm]]    `yaml:"policies" about:"Group Policy objects that carry the isolation."`
	Inbound  list[block[accessForm]] `yaml:"inbound" about:"Flows to the hosts that must keep working."`
	Outbound list[block[accessForm]] `yaml:"outbound" about:"Flows from the hosts that must keep working."`
	Coverage block[coverageForm]     `yaml:"coverage"`
	ADBA     scalar[bool]            `yaml:"adba" about:"Whether domain controllers may activate by Active Directory-based activation."`

	DCActivation text `yaml:"dc_activation" about:"How domain controllers activate otherwise, in words."`
}

type coverageForm struct {
	_         struct{}        `def:"coverage" about:"How many of the enabled computers of a directory must get the rule."`
	Threshold scalar[percent] `yaml:"threshold" about:"In percent; 100%."`
}

type gpoForm struct {
	_       struct{}   `def:"policy" about:"A Group Policy object." anyof:"name id"`
	Name    text       `yaml:"name" also:"number" about:"Its display name."`
	ID      text       `yaml:"id" about:"Its id, \"{GUID}\"."`
	Role    text       `yaml:"role" enum:"hosts clients both" about:"Whom it is for."`
	Domains list[text] `yaml:"domains" about:"Domains where it is linked." each:"DNS name"`
}

type accessForm struct {
	_     struct{}           `def:"access" about:"A flow between places." required:"from to"`
	From  list[text]         `yaml:"from" about:"Names of vantages (inbound) or hosts (outbound); all-hosts." each:"name"`
	To    list[text]         `yaml:"to" about:"Names of hosts, vantages, full DNS names or addresses, with :port; all-hosts, dc, dns." each:"name or name:port"`
	Ports list[scalar[port]] `yaml:"ports" about:"TCP ports."`
}

type hostForm struct {
	_           struct{}                 `def:"host" about:"A KMS host." anyof:"fqdn addresses"`
	FQDN        text                     `yaml:"fqdn" about:"Full DNS name."`
	Addresses   list[scalar[netip.Addr]] `yaml:"addresses" about:"Its addresses; without them the name is resolved once a run."`
	Port        scalar[port]             `yaml:"port" about:"TCP port, 1688 unless given."`
	PublishedIn list[text]               `yaml:"published_in" about:"DNS domains that name it in _vlmcs._tcp." each:"DNS name"`
	DHCP        text                     `yaml:"dhcp" enum:"never reservation platform" about:"Whether its address may come from DHCP."`
}

type exemptionForm struct {
	_         struct{}                `def:"exemption" about:"Addresses that reach hosts in clear." required:"name addresses"`
	Name      text                    `yaml:"name" also:"number" about:"Its name."`
	Addresses list[scalar[addresses]] `yaml:"addresses" about:"Addresses, networks, or ranges first-last."`
	To        list[text]              `yaml:"to" about:"Hosts it is for; all unless given." eachname:"yes"`
	Reason    text                    `yaml:"reason" also:"number" about:"Why."`
	Owner     text                    `yaml:"owner" also:"number" about:"Who answers for it."`
	Control   text                    `yaml:"control" also:"number" about:"What protects instead."`
	Expires   scalar[moment]          `yaml:"expires"`
}

type forestForm struct {
	_         struct{}             `def:"forest" about:"An Active Directory forest."`
	Directory block[directoryForm] `yaml:"directory"`
}

type directoryForm struct {
	_          struct{}   `def:"directory" about:"Where policy is read: urls, backup or registry." oneof:"urls; * without credential ca sysvol controllers"`
	URLs       list[text] `yaml:"urls" about:"LDAP URLs of domain controllers." each:"ldaps://host" eachpattern:"^ldaps?://[^@]+$"`
	Credential text       `yaml:"credential" about:"Name of the credential that reads."`
	CA         text       `yaml:"ca" about:"File of the authority of the LDAPS certificates."`
	SYSVOL     text       `yaml:"sysvol" about:"Folder or UNC path of SYSVOL, in place of reading it over SMB."`
	All        text       `yaml:"controllers" enum:"declared all" about:"Whose copies of the GPOs are compared: of the controllers in urls, or of all that the directory names, which are asked with Kerberos alone."`
	FileSource fileSourceForm
}

type credentialForm struct {
	_         struct{}    `def:"credential" about:"Where a secret is. Never the secret." required:"kind"`
	Kind      text        `yaml:"kind" enum:"password keytab ccache key" about:"What it is."`
	User      text        `yaml:"user" also:"number" about:"Who logs in."`
	Principal text        `yaml:"principal" about:"Kerberos principal of a keytab; or of a password that a directory is read with, in place of user, which is then shown to nobody but the KDC."`
	File      text        `yaml:"file" about:"File of the keytab, ticket cache or private key."`
	Password  secretForm  `yaml:"password"`
	Tier      scalar[int] `yaml:"tier" range:"0 9" about:"Tier of administration."`
}

type viaForm struct {
	at           place
	_            struct{} `def:"via" about:"A way in."`
	Ways         entryForm
	Agent        unsupported `yaml:"agent"`
	Observations unsupported `yaml:"observations"`
	Options      wayForm
}

func (v *viaForm) read(r *reader, n *yaml.Node) {
	v.at = r.place(n)
	if word, isText, ok := plain(n); ok && isText {
		if words := r.kinds.words(); !slices.Contains(words, word) {
			r.bad.add(v.at, `%q is no way in; write %s, or a mapping such as {ssh: host}`, word, sentence(words, "or"))
			return
		}
		v.Ways.hold(word, &stated{option: r.kinds.named(word).Value, at: v.at, flag: scalar[bool]{at: v.at, value: true, set: true}})
		return
	}
	r.fields(n, v)
}

type vantageForm struct {
	_          struct{}                 `def:"vantage" about:"A place on the network to observe from." required:"role via"`
	Role       text                     `yaml:"role" enum:"domain member-no-rule non-domain exempt kms-host" about:"What this place is to the isolation."`
	Via        list[viaForm]            `yaml:"via" about:"Ways in, tried in order."`
	Host       text                     `yaml:"host" also:"number" about:"Role kms-host: the host it is, where the name differs."`
	Alive      list[text]               `yaml:"alive" about:"What answers this vantage from beyond its gateway, as name:port." each:"name:port or address:port"`
	PairedWith text                     `yaml:"paired_with" also:"number" about:"An exempt vantage in the same subnet."`
	Path       text                     `yaml:"path" also:"number" about:"How it reaches the hosts: lan, nat, vpn."`
	Site       text                     `yaml:"site" also:"number" about:"Where it stands."`
	Addresses  list[scalar[netip.Addr]] `yaml:"addresses" about:"Its own addresses."`
	SeenAs     list[scalar[netip.Addr]] `yaml:"seen_as" about:"The addresses its packets bear behind NAT."`
	Sees       list[text]               `yaml:"sees" about:"Hosts whose segment it can watch." eachname:"yes"`
	Options    wayForm
}

type setForm struct {
	_        struct{}           `def:"set" about:"Vantages that differ in their names only." required:"set template names"`
	Set      text               `yaml:"set" also:"number" about:"Name of the set."`
	Template block[vantageForm] `yaml:"template" def:"template" about:"What the vantages of a set have in common; {name} in a way in stands for the name." required:"role"`
	Names    list[text]         `yaml:"names" about:"One vantage each." eachname:"yes"`
}

type defaultsForm struct {
	_       struct{}               `def:"defaults" about:"What is used where nothing else is said."`
	Vantage block[vantageDefaults] `yaml:"vantage"`
}

type vantageDefaults struct {
	_       struct{}   `def:"vantage_defaults" about:"For vantages."`
	Path    text       `yaml:"path" also:"number" about:"How it reaches the hosts: lan, nat, vpn."`
	Site    text       `yaml:"site" also:"number" about:"Where it stands."`
	Alive   list[text] `yaml:"alive" about:"What answers this vantage from beyond its gateway, as name:port." each:"name:port or address:port"`
	Options wayForm
}

type limitsForm struct {
	_        struct{}              `def:"limits" about:"What a run may send and how long it waits."`
	Positive scalar[time.Duration] `yaml:"positive" about:"Cap of a try that should succeed; 21s."`
	Window   scalar[time.Duration] `yaml:"window" about:"Floor of the denied window; 3.5s, never less."`
	Connect  scalar[time.Duration] `yaml:"connect" about:"To get into a vantage; 20s."`
	Ports    list[scalar[port]]    `yaml:"ports" about:"Other ports of a host that outsiders must not reach; 135, 445, 3389, 5985."`
	ScanOwn  scalar[bool]          `yaml:"scan_own_addresses" about:"Whether outsiders try addresses that a host uses and that are not listed; true."`
	UDPPorts list[scalar[port]]    `yaml:"udp_ports" about:"UDP ports of a host that outsiders ask; 135, 137, 161."`
	Waiver   scalar[days]          `yaml:"waiver" about:"How many days a waiver may last without a warning; 180d."`
}

type waiverForm struct {
	_       struct{}       `def:"waiver" about:"What fails or is inconclusive and somebody answers for, until a day." required:"cell reason owner expires"`
	Cell    text           `yaml:"cell" pattern:"^[^/]+/[^/]+/.+$" about:"check/vantage/target, where * stands for any."`
	Reason  text           `yaml:"reason" also:"number" about:"Why."`
	Owner   text           `yaml:"owner" also:"number" about:"Who."`
	Expires scalar[moment] `yaml:"expires"`
}

// secretForm refers to a secret. A value written in its place is never shown.
type secretForm struct {
	at     place
	set    bool
	_      struct{}     `def:"secret" about:"A reference to a secret: one of the four." members:"1"`
	File   text         `yaml:"file" about:"File that holds it."`
	Env    text         `yaml:"env" pattern:"^[A-Za-z_][A-Za-z0-9_]*$" about:"Environment variable that holds it."`
	Exec   list[text]   `yaml:"exec" about:"Command that prints it." each:"argument" eachalso:"number"`
	Prompt scalar[bool] `yaml:"prompt" const:"true" about:"Asked on the terminal, without echo, once. Not for serve."`
}

func (s *secretForm) read(r *reader, n *yaml.Node) {
	s.at = r.place(n)
	s.set = n.Kind == yaml.MappingNode && unadorned(n)
	for i := 0; s.set && i < len(n.Content); i += 2 {
		key := nearmiss.Of(n.Content[i].Value, r.kinds.keysOf(s))
		// Beside prompt somebody may have written the secret itself.
		s.set = key != "" && (key != "prompt" || n.Content[i+1].Tag == "!!bool")
	}
	if !s.set {
		r.hide(n)
		r.bad.add(s.at, "a secret is never written here: refer to it with {file: PATH}, {env: NAME} or {exec: [COMMAND, ...]}, or be asked for it with {prompt: true}")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if nearmiss.Of(n.Content[i].Value, []string{"exec"}) != "" {
			hideArguments(r, n.Content[i+1])
		}
	}
	r.fields(n, s)
}

// hideArguments hides all of a command but its program: an argument may be a
// secret itself.
func hideArguments(r *reader, command *yaml.Node) {
	if command.Kind != yaml.SequenceNode {
		r.hide(command)
		return
	}
	for i, n := range command.Content {
		if i > 0 || n.Kind != yaml.ScalarNode {
			r.hide(n)
		}
	}
}
