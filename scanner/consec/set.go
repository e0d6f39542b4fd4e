package consec

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func nonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

func appendNew(to []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}

// Ids of the sets that are built into Windows, [MS-GPFAS] 2.2.4 and 2.2.5.
const (
	DefaultCrypto1 = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE1}" // main mode
	DefaultCrypto2 = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE2}" // quick mode
	DefaultAuth1   = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE3}" // computer Kerberos
	DefaultAuth2   = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE4}" // no second authentication
)

// ComputerKerberos is the method that the paper asks for.
const ComputerKerberos = "MachineKerb"

// Sets are the sets of one kind, those of all stores together ([MS-FASP]
// 3.1.3), by id in upper case.
type Sets[S any] struct {
	ByID map[string]*Set[S]
	// Default is the id of the set that stands for the one built into Windows,
	// "" for that itself; DefaultSource is the layer that says so. Group Policy
	// wins over the machine's own.
	Default, DefaultSource string
	problem                reason.List // why it cannot be told what stands for it
}

// Set is an authentication or crypto set.
type Set[S any] struct {
	ID, Name string
	Source   string // more than one layer joined by "and"
	Store    Store
	Suites   []S // in order of preference
	problem  reason.List
}

// AuthSuite is one method that an authentication set accepts.
type AuthSuite struct {
	Method      string // MachineKerb, Anonymous, ...
	SkipVersion *Version
}

// find resolves the id of a set. It returns nil for the set that is built into
// Windows; kind is for the error.
func (s *Sets[S]) find(kind, id, builtin string) (*Set[S], error) {
	key := strings.ToUpper(id)
	if key == builtin {
		switch {
		case s.problem != nil:
			return nil, &reason.Error{Reason: s.problem[0]}
		case s.Default == "":
			return nil, nil
		}
		key = strings.ToUpper(s.Default)
	}
	found, ok := s.ByID[key]
	switch {
	case !ok && key != strings.ToUpper(id):
		return nil, reason.Fail(reason.BuiltinSetGone, "kind", kind, "id", Short(s.Default), "source", s.DefaultSource)
	case !ok:
		return nil, reason.Fail(reason.SetMissing, "kind", kind, "id", Short(id))
	case found.problem != nil:
		return nil, reason.Fail(reason.SetUnreadable, "kind", kind, "set", found.Name, "set-id", found.ID, "set-source", found.Source, "why", found.problem)
	}
	return found, nil
}

// FirstAuth are the methods that a rule accepts for the first authentication, by Windows
// of a policy version; nil is one that is not known. It fails where the set that the
// rule names does not resolve, or leaves no method.
func (p *Policy) FirstAuth(r *Rule, v *Version) ([]string, error) {
	const kind = "authentication set"
	set, err := p.Auth1.find(kind, r.Auth1Set, DefaultAuth1)
	switch {
	case err != nil:
		return nil, r.unresolved(err)
	case set == nil:
		return []string{ComputerKerberos}, nil
	}
	methods := methodsOf(set, v)
	if len(methods) == 0 {
		return nil, &reason.Error{Reason: r.About(reason.RuleSetWithoutMethod, "kind", kind, "set", set.Name, "set-id", set.ID, "set-source", set.Source)}
	}
	return methods, nil
}

// SecondAuth are the methods that a rule accepts for the second authentication, none
// where it has none. The rest is as for [Policy.FirstAuth].
func (p *Policy) SecondAuth(r *Rule, v *Version) ([]string, error) {
	if r.Auth2Set == "" || strings.EqualFold(r.Auth2Set, "EmptySet") {
		return nil, nil
	}
	set, err := p.Auth2.find("second authentication set", r.Auth2Set, DefaultAuth2)
	switch {
	case err != nil:
		return nil, r.unresolved(err)
	case set == nil:
		return nil, nil
	}
	return methodsOf(set, v), nil
}

// unresolved is the error of a rule whose set does not resolve.
func (r *Rule) unresolved(err error) error {
	return &reason.Error{Reason: r.About(reason.RuleSetUnresolved, "why", reason.Of(err))}
}

func methodsOf(set *Set[AuthSuite], v *Version) []string {
	var methods []string
	for _, s := range set.Suites {
		if !skipped(s.SkipVersion, v) {
			methods = appendNew(methods, s.Method)
		}
	}
	return methods
}

// skipped reports whether Windows surely skips a suite ([MS-GPFAS] 2.2.4.12).
func skipped(upTo, v *Version) bool {
	return upTo != nil && v != nil && v.UpTo(*upTo)
}
