package policy

import (
	"net/netip"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

// The form of the file: what may be written where. schema.json says the same,
// and a test compares the two.

type text = scalar[string]

type fileForm struct {
	Version     scalar[int]                  `yaml:"version"`
	Include     list[text]                   `yaml:"include"`
	Isolation   block[isolationForm]         `yaml:"isolation"`
	Hosts       table[block[hostForm]]       `yaml:"hosts"`
	Exemptions  list[block[exemptionForm]]   `yaml:"exemptions"`
	Forests     table[block[forestForm]]     `yaml:"forests"`
	Credentials table[block[credentialForm]] `yaml:"credentials"`
	NTLM        text                         `yaml:"ntlm"`
	Vantages    table[block[vantageForm]]    `yaml:"vantages"`
	VantageSets list[block[setForm]]         `yaml:"vantage_sets"`
	Defaults    block[defaultsForm]          `yaml:"defaults"`
	Limits      block[limitsForm]            `yaml:"limits"`
	Waivers     list[block[waiverForm]]      `yaml:"waivers"`
	Zone        text                         `yaml:"zone"`
}

type isolationForm struct {
	Stage    text                    `yaml:"stage"`
	Basis    text                    `yaml:"basis"`
	Scope    text                    `yaml:"scope"`
	Policies list[block[gpoForm]]    `yaml:"policies"`
	Inbound  list[block[accessForm]] `yaml:"inbound"`
	Outbound list[block[accessForm]] `yaml:"outbound"`
	Coverage block[coverageForm]     `yaml:"coverage"`
	ADBA     scalar[bool]            `yaml:"adba"`

	DCActivation text `yaml:"dc_activation"`
}

type coverageForm struct {
	Threshold scalar[percent] `yaml:"threshold"`
}

type gpoForm struct {
	Name    text       `yaml:"name"`
	ID      text       `yaml:"id"`
	Role    text       `yaml:"role"`
	Domains list[text] `yaml:"domains"`
}

type accessForm struct {
	From  list[text]         `yaml:"from"`
	To    list[text]         `yaml:"to"`
	Ports list[scalar[port]] `yaml:"ports"`
}

type hostForm struct {
	FQDN        text                     `yaml:"fqdn"`
	Addresses   list[scalar[netip.Addr]] `yaml:"addresses"`
	Port        scalar[port]             `yaml:"port"`
	PublishedIn list[text]               `yaml:"published_in"`
	DHCP        text                     `yaml:"dhcp"`
}

type exemptionForm struct {
	Name      text                    `yaml:"name"`
	Addresses list[scalar[addresses]] `yaml:"addresses"`
	To        list[text]              `yaml:"to"`
	Reason    text                    `yaml:"reason"`
	Owner     text                    `yaml:"owner"`
	Control   text                    `yaml:"control"`
	Expires   scalar[moment]          `yaml:"expires"`
}

type forestForm struct {
	Directory block[directoryForm] `yaml:"directory"`
}

type directoryForm struct {
	URLs       list[text] `yaml:"urls"`
	Credential text       `yaml:"credential"`
	CA         text       `yaml:"ca"`
	SYSVOL     text       `yaml:"sysvol"`
	Backup     text       `yaml:"backup"`
	Registry   text       `yaml:"registry"`
}

type credentialForm struct {
	Kind      text        `yaml:"kind"`
	User      text        `yaml:"user"`
	Principal text        `yaml:"principal"`
	File      text        `yaml:"file"`
	Password  secretForm  `yaml:"password"`
	Tier      scalar[int] `yaml:"tier"`
}

type viaForm struct {
	at           place
	Ways         entryForm
	Agent        unsupported `yaml:"agent"`
	Observations unsupported `yaml:"observations"`
	Options      wayForm
}

func (v *viaForm) read(r *reader, n *yaml.Node) {
	v.at = r.place(n)
	if word, isText, ok := plain(n); ok && isText {
		if words := r.ways.words(); !slices.Contains(words, word) {
			r.bad.add(v.at, `%q is no way in; write %s, or a mapping such as {ssh: host}`, word, sentence(words, "or"))
			return
		}
		v.Ways.hold(word, &stated{option: r.ways.named(word).Value, at: v.at, flag: scalar[bool]{at: v.at, value: true, set: true}})
		return
	}
	r.fields(n, v)
}

type vantageForm struct {
	Role       text                     `yaml:"role"`
	Via        list[viaForm]            `yaml:"via"`
	Host       text                     `yaml:"host"`
	Alive      list[text]               `yaml:"alive"`
	PairedWith text                     `yaml:"paired_with"`
	Path       text                     `yaml:"path"`
	Site       text                     `yaml:"site"`
	Addresses  list[scalar[netip.Addr]] `yaml:"addresses"`
	SeenAs     list[scalar[netip.Addr]] `yaml:"seen_as"`
	Sees       list[text]               `yaml:"sees"`
	Options    wayForm
}

type setForm struct {
	Set      text               `yaml:"set"`
	Template block[vantageForm] `yaml:"template"`
	Names    list[text]         `yaml:"names"`
}

type defaultsForm struct {
	Vantage block[vantageDefaults] `yaml:"vantage"`
}

type vantageDefaults struct {
	Path    text       `yaml:"path"`
	Site    text       `yaml:"site"`
	Alive   list[text] `yaml:"alive"`
	Options wayForm
}

type limitsForm struct {
	Positive scalar[time.Duration] `yaml:"positive"`
	Window   scalar[time.Duration] `yaml:"window"`
	Connect  scalar[time.Duration] `yaml:"connect"`
	Ports    list[scalar[port]]    `yaml:"ports"`
	Waiver   scalar[days]          `yaml:"waiver"`
}

type waiverForm struct {
	Cell    text           `yaml:"cell"`
	Reason  text           `yaml:"reason"`
	Owner   text           `yaml:"owner"`
	Expires scalar[moment] `yaml:"expires"`
}

// secretForm refers to a secret. A value written in its place is never shown.
type secretForm struct {
	at   place
	set  bool
	File text       `yaml:"file"`
	Env  text       `yaml:"env"`
	Exec list[text] `yaml:"exec"`
	// Prompt asks for it on the terminal.
	Prompt scalar[bool] `yaml:"prompt"`
}

func (s *secretForm) read(r *reader, n *yaml.Node) {
	s.at = r.place(n)
	s.set = n.Kind == yaml.MappingNode && unadorned(n)
	for i := 0; s.set && i < len(n.Content); i += 2 {
		key := Near(n.Content[i].Value, r.ways.keysOf(s))
		// Beside prompt somebody may have written the secret itself.
		s.set = key != "" && (key != "prompt" || n.Content[i+1].Tag == "!!bool")
	}
	if !s.set {
		r.hide(n)
		r.bad.add(s.at, "a secret is never written here: refer to it with {file: PATH}, {env: NAME} or {exec: [COMMAND, ...]}, or be asked for it with {prompt: true}")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if Near(n.Content[i].Value, []string{"exec"}) != "" {
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
