package backup

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// firewallSpace is the namespace of the firewall's settings in a report.
const firewallSpace = "http://www.microsoft.com/GroupPolicy/Settings/WindowsFirewall"

// firewall is what the report says of connection security and firewall rules,
// in the form in which Registry.pol would have it.
type firewall struct {
	values []registry.Value
	rules  int
	// lost is what could not be rebuilt, each once, in its order.
	lost reason.List
}

// node is an element with what is in it.
type node struct {
	name, text string
	nodes      []node
}

// maxNodes is far more than one rule or set has.
const maxNodes = 10000

var errNodes = reason.Fail(reason.XMLParts, "most", maxNodes)

// node reads the element that was just begun; left bounds how many are in it.
func (d *document) node(e xml.StartElement, left *int) (node, error) {
	out := node{name: e.Name.Local}
	if *left--; *left < 0 {
		return out, errNodes
	}
	var b strings.Builder
	for {
		t, err := d.token()
		if err != nil {
			return out, err
		}
		switch t.kind {
		case kindText:
			b.Write(t.text)
		case kindBegin:
			child, err := d.node(t.begun, left)
			if err != nil {
				return out, err
			}
			out.nodes = append(out.nodes, child)
		case kindEnd:
			out.text = strings.TrimSpace(b.String())
			return out, nil
		}
	}
}

// child is the text of the first element of that name.
func (n node) child(name string) string {
	for _, c := range n.nodes {
		if c.name == name {
			return c.text
		}
	}
	return ""
}

// firewallElement turns one element of the firewall's settings into registry
// values ([MS-GPFAS] 2.2).
func (d *document) firewallElement(e xml.StartElement, out *firewall) error {
	left := maxNodes
	n, err := d.node(e, &left)
	if err != nil {
		return err
	}
	switch n.name {
	case "GlobalSettings":
		out.settings("", n)
	case "DomainProfile", "PrivateProfile", "PublicProfile", "StandardProfile":
		out.settings(`\`+n.name, n)
	case "InboundFirewallRules", "OutboundFirewallRules":
		out.rule(`\FirewallRules`, n)
	case "ConnectionSecurityRules":
		out.rule(`\ConSecRules`, n)
	case "Phase1AuthenticationSets", "Phase2AuthenticationSets":
		out.set(n)
	default:
		out.loses(reason.ElementUnknown, "element", n.name)
	}
	return nil
}

// maxLost is how many elements are told as lost.
const maxLost = 12

func (f *firewall) loses(code reason.Code, args ...any) {
	what := reason.New(code, args...)
	switch {
	case len(f.lost) > maxLost || slices.ContainsFunc(f.lost, what.Equal):
	case len(f.lost) == maxLost:
		f.lost = append(f.lost, reason.New(reason.MoreLost))
	default:
		f.lost = append(f.lost, what)
	}
}

func (f *firewall) text(key, name, text string) {
	f.values = append(f.values, registry.NewText(run.FirewallKey+key, name, text))
}

func (f *firewall) number(key, name string, n uint32) {
	f.values = append(f.values, registry.NewDWord(run.FirewallKey+key, name, n))
}

// settings takes the values of the base key or of a profile. Each is an element
// with a Value in it: true and false stand for 1 and 0.
func (f *firewall) settings(key string, n node) {
	for _, c := range n.nodes {
		at := key
		if strings.HasPrefix(c.name, "Log") && key != "" {
			at += `\Logging`
		}
		value := c.child("Value")
		number, err := strconv.ParseUint(value, 10, 32)
		switch {
		case value == "true":
			f.number(at, c.name, 1)
		case value == "false":
			f.number(at, c.name, 0)
		case err == nil:
			f.number(at, c.name, uint32(number))
		case c.name == "LogFilePath" && value != "":
			f.text(at, c.name, value)
		default:
			f.loses(reason.ElementUnknown, "element", n.name+"/"+c.name)
		}
	}
}

// rule writes a rule as Registry.pol has it: its elements are named as the
// tokens of the grammar ([MS-GPFAS] 2.2.6.2; [MS-FASP] has those of firewall
// rules). A report gives no id, so its number stands for it until [firewall.of].
func (f *firewall) rule(key string, n node) {
	loses := func(code reason.Code, args ...any) {
		f.loses(code, append(args, "element", n.name, "rule", clip(n.child("Name")))...)
	}
	version := n.child("Version")
	if version == "" {
		loses(reason.RuleVersionMissing)
		return
	}
	var b strings.Builder
	b.WriteString("v" + version + "|")
	for _, c := range n.nodes {
		switch {
		case c.name == "Version":
			continue
		case len(c.nodes) > 0:
			loses(reason.RuleFieldNested, "field", c.name)
			return
		case strings.Contains(c.text, "|"):
			loses(reason.RuleFieldBar, "field", c.name)
			return
		}
		text := c.text
		if free := c.name == "Name" || c.name == "Desc" || c.name == "EmbedCtxt"; !free && (text == "true" || text == "false") {
			text = strings.ToUpper(text)
		}
		b.WriteString(c.name + "=" + text + "|")
	}
	f.rules++
	f.text(key, strconv.Itoa(f.rules), b.String())
}

// of returns the values with ids of rules that no other GPO has.
func (f *firewall) of(gpo string) []registry.Value {
	out := slices.Clone(f.values)
	for i, v := range out {
		if strings.HasSuffix(v.Key, "Rules") {
			out[i].Name = "rule " + v.Name + " in the report on " + gpo
		}
	}
	return out
}

// clip keeps foreign text short.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "..."
	}
	return s
}

// set writes an authentication set with its suites.
func (f *firewall) set(n node) {
	id := n.child("GUID")
	if id == "" || strings.Contains(id, `\`) {
		f.loses(reason.SetUnidentified, "element", n.name)
		return
	}
	key := `\` + n.name + `\` + id
	index := 0
	for _, c := range n.nodes {
		switch {
		case c.name == "GUID" || c.name == "LocalName":
		case c.name == "AuthenticationSuites":
			for _, v := range c.nodes {
				text := v.text
				if text == "true" || text == "false" {
					text = strings.ToUpper(text)
				}
				f.text(fmt.Sprintf(`%s\%04d`, key, index), v.name, text)
			}
			index++
		case len(c.nodes) == 0:
			f.text(key, c.name, c.text)
		default:
			f.loses(reason.ElementUnknown, "element", n.name+"/"+c.name)
		}
	}
}
