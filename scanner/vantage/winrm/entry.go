package winrm

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Entry is the way by WS-Management: via: [{winrm: client1.contoso.test}].
var Entry = entry.Entry{
	Kind: way.Kind{
		Name: "winrm", Title: "WinRM",
		Value: way.Option{Key: "address", About: "host, host:port, or https://host:5986.", Check: checkAddress},
		Options: []way.Option{
			{Key: "ca", About: "WinRM over HTTPS: file of the authority that signed the certificate.", Type: way.File},
			{Key: "pin", About: "WinRM over HTTPS: SHA-256 of the certificate, hexadecimal.", Pattern: "^([0-9A-Fa-f]{2}:?){32}$", Check: checkPin},
			{Key: "auth", About: "WinRM: how to log in; basic wants HTTPS.", Choice: []string{authNegotiate, authBasic}, Standard: authNegotiate},
		},
		Login: &way.Login{
			Needed: true,
			Receives: []way.Receipt{
				{Credential: "password", What: "an NTLMv2 response for this service, or with `auth: basic` the password inside HTTPS", Shown: true},
			},
			Refuses: map[string]string{
				"key":    "is an SSH key, which does not log in by WinRM; name a password or a keytab",
				"ccache": "is a ticket cache, which is not used by WinRM in this version; name a password or a keytab",
			},
		},
		OfSets:  true,
		Said:    way.At("winrm", "address"),
		Check:   check,
		Implies: func(v way.Values) way.Facts { return way.Enters(v.Text("address"), portHTTP, portHTTPS) },
	},
	Open: func(d entry.Declared) vantage.Way {
		return Way{
			Address: d.Values.Text("address"), Auth: d.Values.Text("auth"), CA: d.Values.Text("ca"), Pin: d.Values.Text("pin"),
			User: d.User, Password: d.Password, Login: d.Login, ForbidNTLM: d.ForbidNTLM, Distrusted: d.Distrusted, Timeout: d.Timeout,
		}
	},
}

// check finds a log-on that the address or the policy does not allow.
func check(a way.Asked) []way.Mistake {
	switch auth := a.Values.Text("auth"); {
	case auth == authBasic && !strings.HasPrefix(strings.ToLower(a.Values.Text("address")), "https://"):
		return []way.Mistake{{Option: "address", Text: "auth: basic sends the password as it is, so it wants HTTPS; write winrm: https://HOST:5986"}}
	case auth == authNegotiate && a.ForbidNTLM:
		return []way.Mistake{{Text: fmt.Sprintf("the way by WinRM into vantage %s logs on with NTLM, which ntlm: forbid rules out; write winrm: https://HOST:5986 and auth: basic, or another way in", a.Vantage)}}
	}
	return nil
}

// checkAddress checks host[:port] or a URL.
func checkAddress(written string) (string, error) {
	if strings.Contains(written, "@") {
		return "", way.ErrSecret
	}
	host := written
	if strings.Contains(written, "://") {
		u, err := url.Parse(written)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			return "", fmt.Errorf("%q is no URL of WinRM; write http://HOST:5985 or https://HOST:5986", written)
		}
		host = u.Host
	}
	name, err := way.HostPort(written, host)
	if name == "" || strings.ContainsAny(name, " /\\") {
		err = errors.Join(err, fmt.Errorf("%q is no way in by WinRM; write a host, host:port, or https://HOST:5986", written))
	}
	return written, err
}

var pinForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// checkPin returns a SHA-256 without colons, in lower case.
func checkPin(written string) (string, error) {
	pin := strings.ToLower(strings.ReplaceAll(written, ":", ""))
	if !pinForm.MatchString(pin) {
		return pin, errors.New("pin wants the SHA-256 of the certificate, 64 hexadecimal digits")
	}
	return pin, nil
}
