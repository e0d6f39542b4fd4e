package consec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// PolicyKey is the key below which Group Policy puts what [FromRegistry]
// reads, under HKEY_LOCAL_MACHINE.
const PolicyKey = `SOFTWARE\Policies\Microsoft\WindowsFirewall`

// Bits of IPsecExempt, [MS-FASP] 2.2.39: traffic no rule protects.
const (
	ExemptNeighbor = 0x1 // IPv6 neighbour discovery
	ExemptICMP     = 0x2
	ExemptRouter   = 0x4 // router discovery
	ExemptDHCP     = 0x8
)

// Ids of the authentication sets that are built into Windows.
const (
	DefaultAuth1 = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE3}" // computer Kerberos
	DefaultAuth2 = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE4}" // no second authentication
)

// ComputerKerberos is the method that the paper asks for.
const ComputerKerberos = "MachineKerb"

// Policy is what one machine was told about connection security.
type Policy struct {
	Version uint32  // of the policy schema, 0x20A is 2.10; 0 where none is set
	Exempt  *uint32 // IPsecExempt; nil where the policy leaves it to the machine
	Rules   []Rule  // in the order of the registry
	// Auth1 and Auth2 are the methods of the authentication sets, by id in
	// upper case, in the order of their suites.
	Auth1, Auth2 map[string][]string
	// Default1 and Default2 are the ids that stand for the built-in sets, "" for
	// the built-in ones themselves.
	Default1, Default2 string
	// Broken are rules that cannot be read, each with the reason.
	Broken []string
}

// FromRegistry reads the values below HKLM\SOFTWARE\Policies\Microsoft\
// WindowsFirewall. Values of other keys are left alone. A rule that cannot be
// read is told in Broken; an error means that the policy as a whole cannot be.
func FromRegistry(values []run.RegistryValue) (Policy, error) {
	p := Policy{Auth1: map[string][]string{}, Auth2: map[string][]string{}}
	type suite struct{ set, index, method string }
	var first, second []suite
	for _, v := range values {
		path, ok := below(v.Key)
		if !ok || v.Type == "" {
			continue
		}
		switch head := strings.ToLower(at(path, 0)); {
		case len(path) == 0:
			if err := p.global(v); err != nil {
				return p, err
			}
		case head == "consecrules" && len(path) == 1:
			p.rule(v)
		case head == "phase1authenticationsets" || head == "phase1authenticationset":
			p.Default1 = authValue(p.Default1, DefaultAuth1, p.Auth1, path, v)
			if len(path) == 3 && strings.EqualFold(v.Name, "Method") {
				first = append(first, suite{strings.ToUpper(path[1]), path[2], v.Data})
			}
		case head == "phase2authenticationsets" || head == "phase2authenticationset":
			p.Default2 = authValue(p.Default2, DefaultAuth2, p.Auth2, path, v)
			if len(path) == 3 && strings.EqualFold(v.Name, "Method") {
				second = append(second, suite{strings.ToUpper(path[1]), path[2], v.Data})
			}
		}
	}
	fill := func(sets map[string][]string, all []suite) {
		slices.SortStableFunc(all, func(a, b suite) int { return strings.Compare(a.index, b.index) })
		for _, s := range all {
			sets[s.set] = append(sets[s.set], s.method)
		}
	}
	fill(p.Auth1, first)
	fill(p.Auth2, second)
	return p, nil
}

// authValue takes note of a set that exists, and of the value that gives the
// built-in set another id ([MS-GPFAS] 2.2.4).
func authValue(renamed, builtin string, sets map[string][]string, path []string, v run.RegistryValue) string {
	if len(path) >= 2 {
		if id := strings.ToUpper(path[1]); sets[id] == nil {
			sets[id] = []string{}
		}
		return renamed
	}
	if strings.EqualFold(v.Name, builtin) {
		return v.Data
	}
	return renamed
}

func (p *Policy) global(v run.RegistryValue) error {
	name := strings.ToLower(v.Name)
	if name != "policyversion" && name != "ipsecexempt" {
		return nil
	}
	n, err := strconv.ParseUint(strings.TrimSpace(v.Data), 0, 32)
	if err != nil || !strings.EqualFold(v.Type, "REG_DWORD") {
		return fmt.Errorf(`registry value %s\%s: %s of type %s is no REG_DWORD`, v.Key, v.Name, clip(v.Data), clip(v.Type))
	}
	word := uint32(n)
	if name == "ipsecexempt" {
		p.Exempt = &word
	} else {
		p.Version = word
	}
	return nil
}

func (p *Policy) rule(v run.RegistryValue) {
	if !strings.EqualFold(v.Type, "REG_SZ") {
		p.Broken = append(p.Broken, fmt.Sprintf("rule %s has type %s, not REG_SZ", clip(v.Name), clip(v.Type)))
		return
	}
	r, err := Parse(v.Data)
	if err != nil {
		p.Broken = append(p.Broken, fmt.Sprintf("rule %s: %v", clip(v.Name), err))
		return
	}
	r.ID = v.Name
	p.Rules = append(p.Rules, r)
}

// below returns the parts of a key below PolicyKey.
func below(key string) ([]string, bool) {
	for _, hive := range []string{`HKEY_LOCAL_MACHINE\`, `HKLM\`, ``} {
		prefix := hive + PolicyKey
		if len(key) < len(prefix) || !strings.EqualFold(key[:len(prefix)], prefix) {
			continue
		}
		rest := key[len(prefix):]
		if rest == "" {
			return nil, true
		}
		if rest[0] == '\\' {
			return strings.Split(rest[1:], `\`), true
		}
	}
	return nil, false
}

func at(path []string, i int) string {
	if i < len(path) {
		return path[i]
	}
	return ""
}
