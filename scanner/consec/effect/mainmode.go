package effect

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// mayCover reports whether the rule is, or may be, for a packet's addresses.
func mayCover(r *consec.MainModeRule, k *packet, env *Env) bool {
	if !r.Active || min(forProfile(&r.Scope, env.Profile), forVersion(&r.Scope, env.Version), forPlatform(&r.Scope, env.OS)) == tri.No {
		return false
	}
	bare := packet{local: k.local, remote: k.remote}
	one, _ := covers(&bare, env.Keywords, &r.EP1, &r.EP2, nil, nil)
	two, _ := covers(&bare, env.Keywords, &r.EP2, &r.EP1, nil, nil)
	return max(one, two) != tri.No
}

// SharedMainMode says whether two ends have a main mode proposal in common, and
// which.
func SharedMainMode(a, b consec.Policy) (tri.State, reason.List) {
	one, from1, err := a.MainMode()
	if err != nil {
		return tri.Unknown, reason.Of(err)
	}
	two, from2, err := b.MainMode()
	if err != nil {
		return tri.Unknown, reason.Of(err)
	}
	for _, p := range []*consec.Policy{&a, &b} {
		for i := range p.MainModes {
			if r := &p.MainModes[i]; r.Active && r.Crypto1Set != "" {
				return tri.Unknown, reason.List{r.About(reason.MainModeOwnProposals)}
			}
		}
		if broken := brokenOf(p, consec.KindMainMode); broken != nil {
			return tri.Unknown, broken
		}
	}
	if from1 == "" && from2 == "" && a.Crypto1.Default == "" && b.Crypto1.Default == "" {
		return tri.Yes, reason.One(reason.MainModeBuiltin)
	}
	var shared []string
	for _, s := range one {
		for _, t := range two {
			if s.String() == t.String() {
				shared = appendNew(shared, s.String())
			}
		}
	}
	if len(shared) == 0 {
		return tri.No, reason.One(reason.MainModeNone, "one", proposals(one), "one-source", from1, "other", proposals(two), "other-source", from2)
	}
	return tri.Yes, reason.One(reason.MainModeShared, "shared", shared)
}

func proposals(suites []consec.CryptoSuite) []string {
	var texts []string
	for _, s := range suites {
		texts = appendNew(texts, s.String())
	}
	return texts
}
