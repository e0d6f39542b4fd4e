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

func fromValues(values []run.RegistryValue) (Policy, error) {
	p := Policy{Auth1: Sets[AuthSuite]{ByID: map[string]*Set[AuthSuite]{}}, Auth2: Sets[AuthSuite]{ByID: map[string]*Set[AuthSuite]{}}}
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
			p.Auth1.Default = authValue(p.Auth1.Default, DefaultAuth1, p.Auth1.ByID, path, v)
			if len(path) == 3 && strings.EqualFold(v.Name, "Method") {
				first = append(first, suite{strings.ToUpper(path[1]), path[2], v.Data})
			}
		case head == "phase2authenticationsets" || head == "phase2authenticationset":
			p.Auth2.Default = authValue(p.Auth2.Default, DefaultAuth2, p.Auth2.ByID, path, v)
			if len(path) == 3 && strings.EqualFold(v.Name, "Method") {
				second = append(second, suite{strings.ToUpper(path[1]), path[2], v.Data})
			}
		}
	}
	fill := func(sets map[string]*Set[AuthSuite], all []suite) {
		slices.SortStableFunc(all, func(a, b suite) int { return strings.Compare(a.index, b.index) })
		for _, s := range all {
			sets[s.set].Suites = append(sets[s.set].Suites, AuthSuite{Method: s.method})
		}
	}
	fill(p.Auth1.ByID, first)
	fill(p.Auth2.ByID, second)
	return p, nil
}

// authValue takes note of a set that exists, and of the value that gives the
// built-in set another id ([MS-GPFAS] 2.2.4).
func authValue(renamed, builtin string, sets map[string]*Set[AuthSuite], path []string, v run.RegistryValue) string {
	if len(path) >= 2 {
		if id := strings.ToUpper(path[1]); sets[id] == nil {
			sets[id] = &Set[AuthSuite]{ID: id}
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
		p.Exempt = &Setting{Value: word, Store: GPO}
	} else {
		p.Version = word
	}
	return nil
}

func (p *Policy) rule(v run.RegistryValue) {
	if !strings.EqualFold(v.Type, "REG_SZ") {
		p.Broken = append(p.Broken, Broken{What: "rule", ID: v.Name, Why: fmt.Sprintf("it has type %s, not REG_SZ", clip(v.Type))})
		return
	}
	r, err := Parse(v.Data)
	if err != nil {
		p.Broken = append(p.Broken, Broken{What: "rule", ID: v.Name, Why: err.Error()})
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
