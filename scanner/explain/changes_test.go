package explain

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// change alters what is declared and read before a question is asked.
type change func(p *intent.Policy, f *run.Forest)

// tell has the isolation GPO say something else.
func tell(values ...registry.Value) change {
	return func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs[0].Registry = values }
}

// replace rewrites the rule of the isolation.
func replace(oldNew ...string) change {
	return tell(rule("{R}", strings.NewReplacer(oldNew...).Replace(isolationRule)), rule("{X}", kiosksRule))
}

// also has the isolation GPO say something more.
func also(values ...registry.Value) change { return tell(append(paper(), values...)...) }

// backedUp makes the forest one that was read from a backup.
func backedUp(_ *intent.Policy, f *run.Forest) {
	f.Kind = run.SourceBackup
	why := "a backup has no accounts of computers"
	f.Lost = map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote(why)}, run.AspectLinks: {reason.Quote("a backup has no links")}}
	d := &f.Domains[0]
	d.Computers, d.Accounts, d.Containers = nil, nil, nil
}

const (
	blockKMS  = `v2.26|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=No KMS|`
	blockOut  = `v2.26|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Name=No way out|`
	require   = "protected(require)"
	request   = "protected(request)"
	clear     = "clear"
	exempt    = "exempt"
	unknown   = "unknown"
	dropped   = "dropped"
	otherAuth = "{7B2E0000-0000-0000-0000-000000000001}"
)

var firewallOn = setting("DomainProfile", "EnableFirewall", "0x1")

// authSet is a set of its own with one method.
func authSet(method string) []registry.Value {
	key := run.FirewallKey + `\Phase1AuthenticationSets\` + otherAuth
	return []registry.Value{
		{Key: key, Name: "Version", Type: "REG_SZ", Data: "2.26"},
		{Key: key + `\0000`, Name: "Method", Type: "REG_SZ", Data: method},
	}
}

// userSet is authSet for the second authentication.
func userSet(method string) []registry.Value {
	values := authSet(method)
	for i := range values {
		values[i].Key = strings.Replace(values[i].Key, "Phase1", "Phase2", 1)
	}
	return values
}

// mainMode has the default main mode proposals replaced by one.
func mainMode(exchange, encryption string) []registry.Value {
	const id = "{7B2E0000-0000-0000-0000-000000000002}"
	key := run.FirewallKey + `\Phase1CryptoSet`
	set := func(at, name, data string) registry.Value {
		return registry.Value{Key: at, Name: name, Type: "REG_SZ", Data: data}
	}
	return []registry.Value{
		set(key, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}", id), set(key+`\`+id, "Version", "2.26"),
		set(key+`\`+id+`\0000`, "KeyExchange", exchange), set(key+`\`+id+`\0000`, "Encryption", encryption), set(key+`\`+id+`\0000`, "Hash", "SHA1"),
	}
}
