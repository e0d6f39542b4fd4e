package consec

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Scope is what a rule says of the machines and interfaces it is for, alike in
// all kinds of rules. Nothing said means every one.
type Scope struct {
	Profiles       []string // domain, private, public
	Interfaces     []string // GUIDs
	InterfaceTypes []string // Lan, Wireless, RemoteAccess
	Platforms      []string // as written: 2:6:0
	PlatformGTE    bool     // the last platform stands for later ones too
	SkipVersion    *Version // Windows up to this policy version ignores the rule
}

// platform is a version of Windows as a rule writes it; kind 2 is NT.
type platform struct{ kind, major, minor uint64 }

// parsePlatform reads a platform of [MS-GPFAS] 2.2.2.17.
func parsePlatform(s string) (platform, error) {
	kind, version, _ := strings.Cut(s, ":")
	major, minor, _ := strings.Cut(version, ":")
	var p platform
	var ok [3]bool
	p.kind, ok[0] = number(kind, 7)
	p.major, ok[1] = number(major, 255)
	p.minor, ok[2] = number(minor, 255)
	if ok != [3]bool{true, true, true} {
		return p, reason.Fail(reason.WantPlatform)
	}
	return p, nil
}

// addPlatform notes a platform that can be read.
func (s *Scope) addPlatform(value string) error {
	_, err := parsePlatform(value)
	s.Platforms = append(s.Platforms, value)
	return err
}

// forPlatform says whether the rule is for that version of Windows, [MS-FASP]
// 2.2.29 to 2.2.31: the platforms are a union, and only the last one may stand
// for later ones.
func (s *Scope) forPlatform(os *OS) tri.State {
	if len(s.Platforms) == 0 {
		return tri.Yes
	}
	last := len(s.Platforms) - 1
	if os == nil {
		// Vista is the first that has such rules.
		if s.PlatformGTE && s.Platforms[last] == "2:6:0" {
			return tri.Yes
		}
		return tri.Unknown
	}
	for i, text := range s.Platforms {
		p, err := parsePlatform(text)
		if err != nil {
			return tri.Unknown
		}
		major, minor := uint64(os.Major), uint64(os.Minor)
		switch {
		case p.kind == 2 && p.major == major && p.minor == minor:
			return tri.Yes
		case s.PlatformGTE && i == last && (p.kind < 2 || p.kind == 2 && (p.major < major || p.major == major && p.minor <= minor)):
			return tri.Yes
		}
	}
	return tri.No
}

// forVersion says whether Windows of that policy version looks at the rule.
func (s *Scope) forVersion(v *Version) tri.State {
	switch {
	case s.SkipVersion == nil:
		return tri.Yes
	case v == nil:
		return tri.Unknown
	case v.upTo(*s.SkipVersion):
		return tri.No
	}
	return tri.Yes
}

// forInterface says whether the rule is for the interface.
func (s *Scope) forInterface(env *Env) tri.State {
	a := inList(s.Interfaces, strings.Trim(env.Interface, "{}"))
	return min(a, inList(s.InterfaceTypes, env.InterfaceType))
}

// inList says whether a value is in a list in which nothing means everything.
func inList(list []string, value string) tri.State {
	switch {
	case len(list) == 0:
		return tri.Yes
	case value == "":
		return tri.Unknown
	}
	for _, x := range list {
		if strings.EqualFold(strings.Trim(x, "{}"), value) {
			return tri.Yes
		}
	}
	return tri.No
}

// forProfile says whether the rule is for the profile of the interface, given
// in lower case.
func (s *Scope) forProfile(profile string) tri.State {
	if len(s.Profiles) == 0 || len(s.Profiles) == len(profileNames) {
		return tri.Yes
	}
	known := false
	for _, name := range profileNames {
		known = known || name == profile
	}
	if !known {
		return tri.Unknown
	}
	return inList(s.Profiles, profile)
}
