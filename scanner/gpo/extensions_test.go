package gpo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

const (
	firewallTool = "{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}"
	securityCSE  = "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}"
	scriptsCSE   = "{42B5FAAE-6536-11D2-AE5A-0000F87571E3}"
	nullCSE      = "{00000000-0000-0000-0000-000000000000}"
)

func TestExtensions(t *testing.T) {
	registry := Extension{RegistryExtension, []string{firewallTool}}
	for _, c := range []struct {
		name, list string
		want       []Extension
		err        reason.List
	}{
		{"none", "", nil, nil},
		{"a blank", " ", nil, nil},
		{"one", "[" + RegistryExtension + firewallTool + "]", []Extension{registry}, nil},
		{"any case", strings.ToLower("[" + RegistryExtension + firewallTool + "]"), []Extension{registry}, nil},
		{"two tools", "[" + RegistryExtension + firewallTool + nullCSE + "]", []Extension{{RegistryExtension, []string{firewallTool, nullCSE}}}, nil},
		{"no tool", "[" + scriptsCSE + "]", []Extension{{scriptsCSE, []string{}}}, nil},
		{"two", "[" + RegistryExtension + firewallTool + "][" + securityCSE + nullCSE + "]", []Extension{registry, {securityCSE, []string{nullCSE}}}, nil},

		{"empty brackets", "[][" + RegistryExtension + firewallTool + "]", []Extension{registry}, partAt("gPCMachineExtensionNames", 0, reason.BracketsEmpty)},
		{"no GUID", "[" + RegistryExtension + firewallTool + "][{x}]", []Extension{registry}, partAt("gPCMachineExtensionNames", 78, reason.NotAGUID, "value", "{x}")},
		{"half a tool", "[" + RegistryExtension + "{B05566AC]", nil, partAt("gPCMachineExtensionNames", 0, reason.NotAGUID, "value", "{B05566AC")},
		{"not hexadecimal", "[{G5378EAC-683F-11D2-A89A-00C04FBBCFA2}]", nil, partAt("gPCMachineExtensionNames", 0, reason.NotAGUID, "value", "{G5378EAC-683F-11D2-A89A-00C04FBBCFA2}")},
		{"no dashes", "[{35378EAC0683F011D20A89A000C04FBBCFA2}]", nil, partAt("gPCMachineExtensionNames", 0, reason.NotAGUID, "value", "{35378EAC0683F011D20A89A000C04FBBCFA2}")},
		{"no brackets", RegistryExtension, nil, partAt("gPCMachineExtensionNames", 0, reason.OutsideBrackets, "found", RegistryExtension)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseExtensions(c.list)
			if diff := cmp.Diff(c.want, got); diff != "" || !reason.Of(err).Equal(c.err) {
				t.Error(err, diff)
			}
		})
	}
}

func TestEffective(t *testing.T) {
	for _, c := range []struct {
		name string
		list []string
		want reason.List // none for effective
	}{
		{"alone", []string{RegistryExtension}, nil},
		{"in order", []string{nullCSE, RegistryExtension, scriptsCSE, securityCSE}, nil},
		{"twice", []string{RegistryExtension, RegistryExtension}, nil},
		{"disorder behind it", []string{RegistryExtension, securityCSE, scriptsCSE}, nil},
		{"nothing listed", nil, reason.One(reason.NoExtensions)},
		{"not listed", []string{scriptsCSE, securityCSE}, reason.One(reason.ExtensionAbsent, "extension", RegistryExtension)},
		{"itself out of order", []string{securityCSE, RegistryExtension}, reason.One(reason.ExtensionOutOfOrder, "extension", RegistryExtension, "before", securityCSE)},
		{"behind one out of order", []string{scriptsCSE, nullCSE, RegistryExtension}, reason.One(reason.ExtensionOutOfOrder, "extension", nullCSE, "before", scriptsCSE)},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all []Extension
			for _, cse := range c.list {
				all = append(all, Extension{CSE: cse})
			}
			if ok, why := Effective(all, strings.ToLower(RegistryExtension)); ok != (c.want == nil) || !why.Equal(c.want) {
				t.Errorf("%v, %s", ok, why.Key())
			}
		})
	}
}

func TestFilterRef(t *testing.T) {
	for _, c := range []struct {
		name, ref, domain, id string
		err                   reason.List
	}{
		{"none", "", "", "", nil},
		{"a blank", " ", "", "", nil},
		{"as GPMC writes it", "[contoso.test;" + idA + ";0]", "contoso.test", idA, nil},
		{"any case", "[CONTOSO.test;" + strings.ToLower(idA) + ";7]", "contoso.test", idA, nil},
		{"no flags", "[contoso.test;" + idA + "]", "contoso.test", idA, nil},

		{"no domain", "[;" + idA + ";0]", "", "", partAt("gPCWQLFilter", 0, reason.DomainNotNamed, "found", ";"+idA+";0")},
		{"no GUID", "[contoso.test;x;0]", "", "", partAt("gPCWQLFilter", 0, reason.NotAGUID, "value", "x")},
		{"one field", "[" + idA + "]", "", "", partAt("gPCWQLFilter", 0, reason.FilterIncomplete, "found", idA)},
		{"two filters", "[contoso.test;" + idA + ";0][contoso.test;" + idB + ";0]", "contoso.test", idA, partAt("gPCWQLFilter", 55, reason.FilterSecond, "found", "contoso.test;"+idB+";0")},
		{"no brackets", "contoso.test", "", "", partAt("gPCWQLFilter", 0, reason.OutsideBrackets, "found", "contoso.test")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if domain, id, err := ParseFilterRef(c.ref); domain != c.domain || id != c.id || !reason.Of(err).Equal(c.err) {
				t.Errorf("%q %q %v", domain, id, err)
			}
		})
	}
}

// FuzzExtensions: no text makes the reader panic; what it gives, written once
// more, is read the same; a CSE that is effective is listed.
func FuzzExtensions(f *testing.F) {
	f.Add("[" + RegistryExtension + firewallTool + "][" + securityCSE + nullCSE + "]")
	f.Add("[" + securityCSE + "] x [" + RegistryExtension + "{")
	f.Fuzz(func(t *testing.T, s string) {
		all, _ := ParseExtensions(s)
		var again strings.Builder
		for _, e := range all {
			again.WriteString("[" + e.CSE + strings.Join(e.Tools, "") + "]")
		}
		same, err := ParseExtensions(again.String())
		if diff := cmp.Diff(all, same); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		ok, why := Effective(all, RegistryExtension)
		if ok != (len(why) == 0) || ok && !strings.Contains(strings.ToUpper(s), RegistryExtension) {
			t.Fatal(ok, why)
		}
	})
}

// FuzzFilterRef: no text makes the reader panic; domain and id come together.
func FuzzFilterRef(f *testing.F) {
	f.Add("[contoso.test;" + idA + ";0]")
	f.Add("[a;b;c][;;]")
	f.Fuzz(func(t *testing.T, s string) {
		if domain, id, err := ParseFilterRef(s); (domain == "") != (id == "") || id == "" && err == nil && strings.TrimSpace(s) != "" {
			t.Fatal(domain, id, err)
		}
	})
}
