package consec

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
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

// Platform is a version of Windows as a rule writes it; kind 2 is NT.
type Platform struct{ Kind, Major, Minor uint64 }

// ParsePlatform reads a platform of [MS-GPFAS] 2.2.2.17. It fails for what has not the
// form of one.
func ParsePlatform(s string) (Platform, error) {
	kind, version, _ := strings.Cut(s, ":")
	major, minor, _ := strings.Cut(version, ":")
	var p Platform
	var ok [3]bool
	p.Kind, ok[0] = number(kind, 7)
	p.Major, ok[1] = number(major, 255)
	p.Minor, ok[2] = number(minor, 255)
	if ok != [3]bool{true, true, true} {
		return p, reason.Fail(reason.WantPlatform)
	}
	return p, nil
}

// addPlatform notes a platform that can be read.
func (s *Scope) addPlatform(value string) error {
	_, err := ParsePlatform(value)
	s.Platforms = append(s.Platforms, value)
	return err
}
