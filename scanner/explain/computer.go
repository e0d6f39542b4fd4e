package explain

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// computer is a computer of a directory by its DNS name, or its plain name
// where only one has it; nil where none has. Its address is in no directory,
// but a run may have looked it up.
func (x *Explainer) computer(name string) (*place, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	var addrs []netip.Addr
	if pin, ok := x.Policy.Pins[name]; ok {
		addrs = pin.Addrs
	}
	p, err := x.machine(name, addrs...)
	if p != nil {
		p.addrs = addrs
	}
	return p, err
}

// found is an account that a name leads to.
type found struct {
	account *run.Account
	machine *run.Machine
	domain  string
	name    string
}

// machine is what the account of a name has been told, nil where none has it.
// The addresses are those it has, if they are known.
func (x *Explainer) machine(name string, addrs ...netip.Addr) (*place, error) {
	exact, plain := x.accounts(name)
	all := exact
	if len(all) == 0 {
		all = plain
	}
	switch {
	case len(all) == 0:
		return nil, nil
	case len(all) > 1:
		var names []string
		for _, f := range all {
			names = append(names, f.name+" of "+f.domain)
		}
		slices.Sort(names)
		return nil, fmt.Errorf("the name is not clear: there is %s; name one in full", some(names, 6))
	}
	f := all[0]
	p := &place{name: f.name, kind: kindComputer, count: 1, member: memberOf(f.machine, f.domain), domain: f.domain, env: estate.Environment(*f.machine)}
	if f.account != nil {
		p.member.DN = f.account.DN
		if !f.account.Enabled {
			p.member.State = "disabled"
		}
	}
	if !f.machine.Controller && !f.machine.ReadOnly {
		p.declared = forClients
	}
	x.tell(p, f, addrs)
	return p, nil
}

// tell works out what an account has been told.
func (x *Explainer) tell(p *place, f found, addrs []netip.Addr) {
	switch {
	case estate.Legacy(*f.machine):
		p.nothing = f.machine.OS + " is older than connection security rules: no Group Policy of this kind comes to it"
		p.env = consec.Env{}
	case f.machine.OS != "" && !strings.HasPrefix(f.machine.OS, "Windows"):
		p.nothing = fmt.Sprintf("its account says that it runs %s: the settings of Windows' firewall mean nothing to it", f.machine.OS)
		p.env = consec.Env{}
	case f.account != nil:
		p.told = x.Told(x.Subject(f.account, f.domain, addrs...))
	default:
		p.told = x.Told(x.Member(*f.machine, f.domain, addrs...))
	}
}

// accounts finds those of a DNS name, and those of a plain one.
func (x *Explainer) accounts(name string) (exact, plain []found) {
	short := !strings.Contains(name, ".")
	for _, f := range x.Forests {
		for i := range f.Domains {
			d := &f.Domains[i]
			seen := map[string]bool{}
			for j := range d.Accounts {
				a := &d.Accounts[j]
				n := strings.ToLower(a.DNSName)
				if n == "" {
					n = strings.ToLower(a.Name)
				}
				hit := found{a, &a.Machine, d.Name, n}
				switch {
				case strings.EqualFold(n, name):
					exact = append(exact, hit)
				case short && (strings.EqualFold(a.Name, name) || stemIs(n, name)):
					plain = append(plain, hit)
				default:
					continue
				}
				seen[n] = true
			}
			for j := range d.Computers {
				c := &d.Computers[j]
				for _, n := range c.Names {
					hit := found{nil, &c.Machine, d.Name, strings.ToLower(n)}
					switch {
					case seen[hit.name]:
					case strings.EqualFold(n, name):
						exact = append(exact, hit)
					case short && stemIs(n, name):
						plain = append(plain, hit)
					}
				}
			}
		}
	}
	return exact, plain
}

// stemIs reports whether the first label of a DNS name is that.
func stemIs(name, label string) bool {
	return len(name) > len(label) && name[len(label)] == '.' && strings.EqualFold(name[:len(label)], label)
}

// some lists a few of many words.
func some(words []string, most int) string {
	if len(words) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
	}
	return strings.Join(words, ", ")
}
