package effect

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// forPlatform says whether the rule is for that version of Windows, [MS-FASP]
// 2.2.29 to 2.2.31: the platforms are a union, and only the last one may stand
// for later ones.
func forPlatform(s *consec.Scope, os *consec.OS) tri.State {
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
		p, err := consec.ParsePlatform(text)
		if err != nil {
			return tri.Unknown
		}
		major, minor := uint64(os.Major), uint64(os.Minor)
		switch {
		case p.Kind == 2 && p.Major == major && p.Minor == minor:
			return tri.Yes
		case s.PlatformGTE && i == last && (p.Kind < 2 || p.Kind == 2 && (p.Major < major || p.Major == major && p.Minor <= minor)):
			return tri.Yes
		}
	}
	return tri.No
}

// forVersion says whether Windows of that policy version looks at the rule.
func forVersion(s *consec.Scope, v *consec.Version) tri.State {
	switch {
	case s.SkipVersion == nil:
		return tri.Yes
	case v == nil:
		return tri.Unknown
	case v.UpTo(*s.SkipVersion):
		return tri.No
	}
	return tri.Yes
}

// forInterface says whether the rule is for the interface.
func forInterface(s *consec.Scope, env *Env) tri.State {
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
func forProfile(s *consec.Scope, profile string) tri.State {
	if len(s.Profiles) == 0 || len(s.Profiles) == len(consec.ProfileNames) {
		return tri.Yes
	}
	known := false
	for _, name := range consec.ProfileNames {
		known = known || name == profile
	}
	if !known {
		return tri.Unknown
	}
	return inList(s.Profiles, profile)
}
