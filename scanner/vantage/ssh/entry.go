package ssh

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// serverPort is where an SSH server listens (RFC 4253 4.1).
const serverPort = 22

// Entry is the way over OpenSSH: via: [{ssh: guest.example.test}].
var Entry = entry.Entry{
	Kind: way.Kind{
		Name: "ssh", Title: "SSH",
		Value: way.Option{Key: "address", About: "[user@]host[:port]; ssh_config is read.", Check: checkAddress},
		Options: []way.Option{
			{Key: "install", About: "SSH: whether the far end may be sent there.", Choice: []string{InstallNever, InstallAsk, InstallAuto}, Standard: InstallAuto},
			{Key: "known_hosts", About: "SSH: file of known host keys.", Type: way.File},
		},
		Login: &way.Login{
			// A password is used where the way names it, never by default.
			Inherits: []string{"key"},
			Receives: []way.Receipt{
				{Credential: "key", What: "a signature; the key stays on this machine"},
				{Credential: "password", What: "nothing; its `user` is whom the log-on is for"},
			},
			Refuses: map[string]string{
				"keytab": "is a keytab, which is not used by SSH in this version; name a key or a password",
				"ccache": "is a ccache, which is not used by SSH in this version; name a key or a password",
			},
		},
		Said:    way.At("ssh", "address"),
		Implies: implies,
	},
	Open: func(d entry.Declared) vantage.Way {
		w := Way{
			Address: d.Values.Text("address"), KnownHosts: d.Values.Text("known_hosts"), Install: d.Values.Text("install"), Identity: d.File,
			FarEnd: d.FarEnd, Version: d.Version, Ask: d.Ask, Distrusted: d.Distrusted, Timeout: d.Timeout,
		}
		if d.User != "" {
			w.Address = d.User + "@" + w.Address
		}
		return w
	},
}

func implies(v way.Values) way.Facts {
	f := way.Enters(v.Text("address"), serverPort)
	f.FarEnd = true
	return f
}

// checkAddress checks [user@]host[:port]. The host may be an alias of ssh_config.
func checkAddress(written string) (string, error) {
	user, host, ok := strings.Cut(written, "@")
	if !ok {
		user, host = "", written
	}
	if strings.Contains(user, ":") {
		return "", way.ErrSecret
	}
	name, err := way.HostPort(written, host)
	if ok && user == "" || name == "" || strings.HasPrefix(name, "-") || strings.ContainsAny(written, " /\\") {
		err = errors.Join(err, fmt.Errorf("%q is no way in by SSH; write [user@]host[:port]", written))
	}
	return written, err
}
