package redact

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// sh is a value that may be a preshared key.
func sh(name, kind, data string) registry.Value {
	return registry.Value{Key: run.FirewallKey, Name: name, Type: kind, Data: data}
}

func TestKeysAreTakenOut(t *testing.T) {
	all := []run.Observation{
		{Registry: []registry.Value{
			sh("SHKey", "REG_SZ", "one"), sh("shkey", "REG_SZ", "two"), sh("**soft.SHKey", "REG_SZ", "one"), sh("SHKey", "REG_SZ", ""),
			sh("SHKey", "REG_BINARY", "6F006E0065000000"), sh("SHKey", "REG_NONE", "6F6E65"), sh("SHKey", "", ""),
			sh("PresharedKeyEncoding", "REG_DWORD", "0x1"), sh("Method", "REG_SZ", "MachineSHKey"), sh("{1}", "REG_SZ", "v2.26|Name=SHKey|PSHKey=two|EP=1|"),
		}},
		{Forest: &run.Forest{Domains: []run.Domain{{
			GPOs:   []run.GPO{{Registry: []registry.Value{sh("SHKEY", "REG_SZ", "two")}}},
			Copies: []run.Copy{{GPOs: []run.CopiedGPO{{Settings: "ab"}, {Settings: "cd"}, {}, {Settings: "ab"}}}},
		}}}},
	}
	Keys(all)
	var got []string
	for _, v := range append(all[0].Registry, all[1].Forest.Domains[0].GPOs[0].Registry...) {
		got = append(got, v.Data)
	}
	for _, c := range all[1].Forest.Domains[0].Copies[0].GPOs {
		got = append(got, c.Settings)
	}
	a, b, c := "(preshared key A)", "(preshared key B)", "(preshared key C)"
	want := []string{a, b, a, c, a, a, "", "0x1", "MachineSHKey", "v2.26|Name=SHKey|PSHKey=" + b + "|EP=1|", b, "content A", "content B", "", "content A"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	// One that comes later gets a letter that no other has.
	more := append(all, run.Observation{Registry: []registry.Value{sh("SHKey", "REG_SZ", "three")}})
	Keys(more)
	if got := more[2].Registry[0].Data; got != "(preshared key D)" {
		t.Errorf("got %s", got)
	}
}

func TestLettersGoOnBehindZ(t *testing.T) {
	var all []run.Observation
	for n := range 26*27 + 1 {
		all = append(all, run.Observation{Registry: []registry.Value{sh("SHKey", "REG_SZ", fmt.Sprint(n))}})
	}
	Keys(all)
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 26*27 - 1: "ZZ", 26 * 27: "AAA"} {
		if got := all[n].Registry[0].Data; got != "(preshared key "+want+")" {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// TestMayNameKey holds the quick look against the expression it stands before.
func TestMayNameKey(t *testing.T) {
	names := []string{"SHKey", "shkey", "**soft.SHKey", "PreSharedKey", "presharedXYZ", "mySHAREDKEYs", "\u017fhkey", "SH\u212aey", "pre\u017fHARED", "h\u00e4shkey"}
	for _, name := range names {
		for _, text := range []string{name + "=a", "v2.10|" + name + "=secret", "v2.10|x" + name + "y=secret|Name=n|", "H|hh|Sh" + name + "=a"} {
			if !keyToken.MatchString(text) {
				t.Errorf("%q has no key by the expression", text)
			}
			if !mayNameKey(text) {
				t.Errorf("%q is passed over", text)
			}
		}
	}
	// What most rules of a directory look like must not go to the expression.
	for _, text := range []string{
		"", "s", "sh", "h", "hk", "shar", "v2.10|Action=Allow|Name=push the list|", "App=%SystemRoot%\\system32\\svchost.exe|Name=Gr\u00f6\u00dfe der H\u00e4user|",
		"Name=@FirewallAPI.dll,-28502|Desc=File and Printer Sharing (SMB-In)|EmbedCtxt=Hash kept|",
	} {
		if mayNameKey(text) {
			t.Errorf("%q may name a key", text)
		}
	}
}

// FuzzMayNameKey searches for a key that the quick look passes over.
func FuzzMayNameKey(f *testing.F) {
	for _, text := range []string{"v2.10|PSHKey=a|", "\u017fh\u212aey=", "preSHARED\xff=\x00", "sHsharedkey=", "|shkey"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := sh("R", "REG_SZ", "|"+text)
		if keyToken.MatchString(v.Data) && !mayHoldKey(&v) {
			t.Errorf("%q is passed over", v.Data)
		}
	})
}
