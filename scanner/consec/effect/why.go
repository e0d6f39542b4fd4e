package effect

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// keywordsOf are the names of the keywords of two endpoints.
func keywordsOf(a, b *consec.Addresses) []string {
	var names []string
	for _, k := range slices.Concat(a.Keywords, b.Keywords) {
		names = append(names, k.Name)
	}
	return names
}

// told is what a cause says of a rule: a code, and its arguments but for the rule.
type told struct {
	code reason.Code
	args []any
}

func tell(code reason.Code, args ...any) told { return told{code, args} }

// alone is the reason for where the rule is named already.
func (t told) alone() reason.Reason { return reason.New(t.code, t.args...) }

// sayRule gives the reason for a cause.
func sayRule(r *consec.Rule, c cause, k *packet, env *Env) told {
	switch c {
	case causeInactive:
		return tell(reason.RuleInactive)
	case causeTunnel:
		return tell(reason.RuleOfTunnel)
	case causeRejected:
		return tell(reason.RuleRejected, "why", r.Rejected())
	case causeAddresses:
		return uncovered(r, k, env.Keywords)
	case causePorts:
		return tell(reason.RuleMissesPort, "port", max(k.localPort, k.remotePort))
	case causeKeyword:
		return tell(reason.RuleByKeyword, "keywords", keywordsOf(&r.EP1, &r.EP2))
	case causeFreePort:
		return tell(reason.RuleByFreePort)
	case causeRealm:
		return tell(reason.RuleOfRealm)
	case causeEndpointAndInterface:
		return tell(reason.RuleEndpointAndInterface)
	case causeMerge:
		return sayMerge(env, "AllowLocalIPsecPolicyMerge")
	case causeProtocol:
		return tell(reason.RuleOtherProtocol, "protocol", r.Protocol)
	}
	return sayScope(&r.Scope, c, env)
}

func sayMerge(env *Env, setting string) told {
	if env.Profile == "" {
		return tell(reason.OwnRulesInSomeProfiles, "setting", setting)
	}
	return tell(reason.OwnRulesOff, "profile", env.Profile, "setting", setting)
}

// sayScope gives the reasons for the causes that all kinds of rules share.
func sayScope(s *consec.Scope, c cause, env *Env) told {
	switch c {
	case causeProfile:
		switch {
		case env.Profile == "":
			return tell(reason.RuleUnknownProfile, "profiles", s.Profiles)
		case forProfile(s, env.Profile) == tri.Unknown:
			return tell(reason.RuleNoSuchProfile, "profiles", s.Profiles, "profile", consec.Short(env.Profile))
		}
		return tell(reason.RuleOtherProfile, "profile", env.Profile, "profiles", s.Profiles)
	case causeVersion:
		if env.Version != nil {
			return tell(reason.RuleSkipped, "version", env.Version, "skip", s.SkipVersion)
		}
		return tell(reason.RuleMaybeSkipped, "skip", s.SkipVersion)
	case causePlatform:
		later := ""
		if s.PlatformGTE {
			later = s.Platforms[len(s.Platforms)-1]
		}
		if env.OS != nil {
			return tell(reason.RuleOtherPlatform, "platforms", s.Platforms, "later", later, "windows", fmt.Sprintf("%d.%d", env.OS.Major, env.OS.Minor))
		}
		return tell(reason.RuleUnknownPlatform, "platforms", s.Platforms, "later", later)
	case causeInterface:
		if len(s.Interfaces) > 0 && inList(s.Interfaces, strings.Trim(env.Interface, "{}")) != tri.Yes {
			return tell(reason.RuleOfInterfaces, "interfaces", s.Interfaces)
		}
		return tell(reason.RuleOfInterfaceTypes, "types", s.InterfaceTypes)
	}
	return told{}
}

// uncovered says what of the packet the rule leaves out. An endpoint that is
// any leaves out nothing.
func uncovered(r *consec.Rule, k *packet, known map[string][]consec.Range) told {
	in := func(a netip.Addr) bool {
		return !r.EP1.IsAny() && r.EP1.Covers(a, known) != tri.No || !r.EP2.IsAny() && r.EP2.Covers(a, known) != tri.No
	}
	local, remote := in(k.local), in(k.remote)
	switch {
	case !local && !remote:
		return tell(reason.RuleNeither, "local", k.local, "remote", k.remote)
	case !local:
		return tell(reason.RuleMissesAddress, "address", k.local)
	case !remote:
		return tell(reason.RuleMissesAddress, "address", k.remote)
	}
	return tell(reason.RuleMissesPair, "local", k.local, "remote", k.remote)
}
