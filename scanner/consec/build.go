package consec

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// builder makes a policy of the registries of its stores, that of Group Policy
// first.
type builder struct {
	policy       *Policy
	settings     map[Store]settings
	auth1, auth2 setBuilder
	crypto1      setBuilder
	crypto2      setBuilder
}

func newBuilder(p *Policy) *builder {
	return &builder{
		policy:   p,
		settings: map[Store]settings{},
		auth1:    newSetBuilder(DefaultAuth1),
		auth2:    newSetBuilder(DefaultAuth2),
		crypto1:  newSetBuilder(DefaultCrypto1),
		crypto2:  newSetBuilder(DefaultCrypto2),
	}
}

// kindOf says what is kept in a key: a kind of rules, sets, or "" for settings.
func kindOf(path []string) string {
	if len(path) == 0 {
		return ""
	}
	switch head := strings.ToLower(path[0]); {
	case head == "consecrules" && len(path) == 1:
		return KindRule
	case head == "firewallrules" && len(path) == 1:
		return KindFirewall
	case head == "mainmoderules" && len(path) == 1:
		return KindMainMode
	case setKeys[strings.TrimSuffix(head, "s")]:
		return KindSet
	}
	return ""
}

// setKeys are the keys of sets without their last s: the specification writes
// all four with and without it.
var setKeys = map[string]bool{
	"phase1authenticationset": true, "phase2authenticationset": true, "phase1cryptoset": true, "phase2cryptoset": true,
}

// read reads one store. What cannot be read goes to Broken; the error is the
// first setting among it.
func (b *builder) read(h *hive) (first error) {
	found := settings{store: h.store}
	for _, k := range h.order {
		if k.gone {
			continue
		}
		switch kindOf(k.path) {
		case KindRule:
			b.policy.Rules = readRules(b, h, k, b.policy.Rules, KindRule, func(v *hiveValue) (Rule, error) {
				r, err := Parse(v.Data)
				r.ID, r.Source, r.Store = v.Name, v.source, h.store
				return r, err
			})
		case KindFirewall:
			b.policy.Firewall = readRules(b, h, k, b.policy.Firewall, KindFirewall, func(v *hiveValue) (FirewallRule, error) {
				r, err := ParseFirewallRule(v.Data)
				r.ID, r.Source, r.Store = v.Name, v.source, h.store
				return r, err
			})
		case KindMainMode:
			b.policy.MainModes = readRules(b, h, k, b.policy.MainModes, KindMainMode, func(v *hiveValue) (MainModeRule, error) {
				r, err := ParseMainModeRule(v.Data)
				r.ID, r.Source, r.Store = v.Name, v.source, h.store
				return r, err
			})
		case KindSet:
			b.setBuilder(k.path[0]).read(h.store, k)
		default:
			if err := found.read(k); err != nil {
				first = cmp.Or(first, err)
				b.policy.Broken = append(b.policy.Broken, Broken{What: KindSetting, ID: strings.Join(k.path, `\`), Store: h.store, Why: reason.Of(err)})
			}
		}
	}
	b.settings[h.store] = found
	return first
}

// readRules reads the rules of one key. What cannot be read goes to Broken.
func readRules[R any](b *builder, h *hive, k *hiveKey, to []R, what string, parse func(*hiveValue) (R, error)) []R {
	to = slices.Grow(to, len(k.order))
	for _, v := range k.order {
		if v.gone {
			continue
		}
		broken := Broken{What: what, ID: v.Name, Source: v.source, Store: h.store}
		if _, ok := v.Text(); !ok {
			broken.Why = reason.One(reason.NotText, "type", Short(v.Type))
			b.policy.Broken = append(b.policy.Broken, broken)
			continue
		}
		r, err := parse(v)
		if err != nil {
			broken.Why = reason.Of(err)
			b.policy.Broken = append(b.policy.Broken, broken)
			continue
		}
		to = append(to, r)
	}
	return to
}

func (b *builder) setBuilder(head string) *setBuilder {
	switch strings.TrimSuffix(strings.ToLower(head), "s") {
	case "phase1authenticationset":
		return &b.auth1
	case "phase2authenticationset":
		return &b.auth2
	case "phase1cryptoset":
		return &b.crypto1
	}
	return &b.crypto2
}

func (b *builder) finish() {
	p := b.policy
	p.Auth1 = buildSets(p, &b.auth1, "first authentication set", authSuite)
	p.Auth2 = buildSets(p, &b.auth2, "second authentication set", authSuite)
	p.Crypto1 = buildSets(p, &b.crypto1, "main mode crypto set", mainModeSuite)
	p.Crypto2 = buildSets(p, &b.crypto2, "quick mode crypto set", quickModeSuite)
	p.settle(b.settings)
	p.dangling()
}

// dangling tells of rules that refer to sets which do not resolve, once for
// each set. The effect of such a rule is unknown; the others are not touched.
func (p *Policy) dangling() {
	seen := map[[3]string]bool{}
	told := map[string]bool{}
	for i := range p.Rules {
		r := &p.Rules[i]
		if sets := r.SetIDs(); !r.Active || r.Tunnel || r.Action == DoNotSecure || seen[sets] || r.Rejected() != nil {
			continue
		} else {
			seen[sets] = true
		}
		for _, resolve := range []func() error{
			func() error { _, err := p.FirstAuth(r, nil); return err },
			func() error { _, err := p.SecondAuth(r, nil); return err },
			func() error { _, err := p.QuickMode(r, nil); return err },
		} {
			if err := resolve(); err != nil && !told[err.Error()] {
				told[err.Error()] = true
				p.Broken = append(p.Broken, Broken{What: KindSet, ID: r.ID, Source: r.Source, Store: r.Store, Why: reason.Of(err)})
			}
		}
	}
}

// SetIDs are the ids that a rule refers to.
func (r *Rule) SetIDs() [3]string { return [3]string{r.Auth1Set, r.Auth2Set, r.Crypto2Set} }

// dword reads a number that is set.
func dword(k *hiveKey, v *hiveValue) (uint32, error) {
	n, ok := v.DWord()
	if !ok {
		return 0, reason.Fail(reason.NotNumber, "name", Short(strings.Join(append(k.path[:len(k.path):len(k.path)], v.Name), `\`)), "source", v.source, "data", Short(v.Data), "type", Short(v.Type))
	}
	return n, nil
}
