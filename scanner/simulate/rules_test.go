package simulate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// take takes a line of a table: who is told, and what.
func (w *world) take(t *testing.T, who, what string) {
	t.Helper()
	switch who {
	case "that":
		w.fact(t, what)
	case "host":
		w.hosts = tell(t, w.hosts, consec.PolicyKey, what)
	case "client":
		w.members = tell(t, w.members, consec.PolicyKey, what)
	case "both":
		w.hosts, w.members = tell(t, w.hosts, consec.PolicyKey, what), tell(t, w.members, consec.PolicyKey, what)
	case "own":
		w.own = tell(t, w.own, consec.LocalKey, what)
	default:
		t.Fatalf("%q is nobody who is told", who)
	}
}

// tell adds what a line says to the values below a key.
func tell(t *testing.T, values []registry.Value, key, what string) []registry.Value {
	t.Helper()
	if values == nil {
		values = []registry.Value{{Key: key, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"}}
	}
	word, rest, _ := strings.Cut(what, " ")
	set := func(under, name, data string) {
		values = append(values, registry.Value{Key: key + under, Name: name, Type: "REG_SZ", Data: data})
	}
	dword := func(under, name, data string) {
		values = append(values, registry.Value{Key: key + under, Name: name, Type: "REG_DWORD", Data: data})
	}
	id := fmt.Sprintf("{%d}", len(values))
	fields := strings.Fields(rest)
	switch word {
	case "require", "request", "demand", "exempt":
		set(`\ConSecRules`, id, consecRule(word, fields))
	case "allow", "block", "bypass":
		set(`\FirewallRules`, id, firewallRule(word, fields))
	case "firewall":
		for _, p := range []string{`\DomainProfile`, `\PrivateProfile`, `\PublicProfile`} {
			dword(p, "EnableFirewall", "0x1")
			dword(p, "DefaultInboundAction", "0x1")
			dword(p, "DefaultOutboundAction", "0x0")
			dword(p, "AllowLocalPolicyMerge", "0x0")
		}
	case "set":
		name, data, _ := strings.Cut(rest, "=")
		if profile, setting, ok := strings.Cut(name, "."); ok {
			dword(`\`+profile+"Profile", setting, data)
		} else {
			dword("", name, data)
		}
	case "auth", "user":
		under := map[string]string{"auth": `\Phase1AuthenticationSets\`, "user": `\Phase2AuthenticationSets\`}[word] + fields[0]
		set(under, "Version", "2.26")
		for i, method := range fields[1:] {
			set(fmt.Sprintf(`%s\%04d`, under, i), "Method", method)
		}
	case "quick":
		under := `\Phase2CryptoSets\` + fields[0]
		set(under, "Version", "2.26")
		set(under+`\0000`, "Protocol", fields[1])
		set(under+`\0000`, "EspHash", fields[2])
		set(under+`\0000`, "Encryption", fields[3])
	case "main":
		under := `\Phase1CryptoSet\` + fields[0]
		set(`\Phase1CryptoSet`, mainSet, fields[0])
		set(under, "Version", "2.26")
		set(under+`\0000`, "KeyExchange", fields[1])
		set(under+`\0000`, "Encryption", fields[2])
		set(under+`\0000`, "Hash", fields[3])
	default:
		t.Fatalf("%q is no rule and no setting", what)
	}
	return values
}

// consecRule is a connection security rule in full.
func consecRule(word string, tokens []string) string {
	action := map[string]string{"require": "SecureServer", "request": "Boundary", "demand": "Secure", "exempt": "DoNotSecure"}[word]
	text := "v2.26|Action=" + action + "|"
	more := map[string]string{"Active": "TRUE"}
	if action != "DoNotSecure" {
		more["Auth1Set"], more["Auth2Set"], more["Crypto2Set"] = kerberosSet, noUserSet, quickSet
	}
	for _, token := range tokens {
		name, value, _ := strings.Cut(token, "=")
		delete(more, name)
		if name == "EP1" || name == "EP2" {
			text += endpoint(name, value)
		} else if value != "" {
			text += token + "|"
		}
	}
	for _, name := range []string{"Active", "Auth1Set", "Auth2Set", "Crypto2Set"} {
		if more[name] != "" {
			text += name + "=" + more[name] + "|"
		}
	}
	return text + "Name=" + word + "|Desc=|EmbedCtxt=|"
}

// endpoint is one endpoint of a rule.
func endpoint(name, value string) string {
	if value == "hosts" {
		value = "198.18.10.30,2001:db8:10::30"
	}
	text := ""
	for _, a := range strings.Split(value, ",") {
		keyword := !strings.ContainsAny(a, ".:")
		if keyword || !strings.Contains(a, ":") {
			text += name + "_4=" + a + "|"
		}
		if keyword || strings.Contains(a, ":") {
			text += name + "_6=" + a + "|"
		}
	}
	return text
}

// firewallRule is a firewall rule in full.
func firewallRule(word string, tokens []string) string {
	action := map[string]string{"allow": "Allow", "block": "Block", "bypass": "ByPass"}[word]
	text := "v2.26|Action=" + action + "|"
	if !slices.ContainsFunc(tokens, func(s string) bool { return strings.HasPrefix(s, "Active=") }) {
		text += "Active=TRUE|"
	}
	return text + strings.Join(tokens, "|") + "|Name=" + word + "|Desc=|EmbedCtxt=|"
}
