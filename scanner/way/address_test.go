package way

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEnters(t *testing.T) {
	for address, want := range map[string]Facts{
		"":                                {Ports: []uint16{22}},
		"Guest.example.test":              {Machine: "guest.example.test", Ports: []uint16{22}},
		"root@guest.example.test:2222":    {Machine: "guest.example.test", Ports: []uint16{2222, 22}},
		"u@[2001:db8::22]:22":             {Machine: "2001:db8::22", Ports: []uint16{22}},
		"https://pc1.contoso.test:443/ws": {Machine: "pc1.contoso.test", Ports: []uint16{443, 22}},
	} {
		if diff := cmp.Diff(want, Enters(address, 22)); diff != "" {
			t.Errorf("%s:\n%s", address, diff)
		}
	}
}

func TestHostPort(t *testing.T) {
	for hostport, want := range map[string]struct{ host, err string }{
		"a.test":            {"a.test", ""},
		"a.test:22":         {"a.test", ""},
		"2001:db8::1":       {"2001:db8::1", ""},
		"[2001:db8::1]":     {"2001:db8::1", ""},
		"[2001:db8::1]:22":  {"2001:db8::1", ""},
		"a.test:0":          {"a.test", `port "0": want a number from 1 to 65535`},
		"a.test:022":        {"a.test", `port "022": want a number from 1 to 65535`},
		"a.test:65536":      {"a.test", `port "65536": want a number from 1 to 65535`},
		"a.test:":           {"a.test", `port "": want a number from 1 to 65535`},
		"2001:db8::1:x:y:z": {"2001:db8::1:x:y:z", `"u@2001:db8::1:x:y:z": write name:port, or [address]:port for IPv6`},
	} {
		host, err := HostPort("u@"+hostport, hostport)
		said := ""
		if err != nil {
			said = err.Error()
		}
		if host != want.host || said != want.err {
			t.Errorf("%s: %q, %q; want %q, %q", hostport, host, said, want.host, want.err)
		}
	}
}
