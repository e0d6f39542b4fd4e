package live

import (
	"maps"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/krb5conf"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// newTickets makes a log-on that has not happened yet. The password is for a
// credential that has one.
func (l *login) newTickets(principal string, servers []server) (*logon.Tickets, error) {
	if l.Kind == CCache {
		cache, err := logon.LoadCache(l.File)
		if err != nil {
			return nil, err
		}
		conf, said, err := kerberosConfig(cache.Realm(), servers)
		if err != nil {
			return nil, err
		}
		l.said = said
		return l.kerberos(conf).WithCache(l.gate, cache)
	}
	_, realm, err := logon.Principal(principal)
	if err != nil {
		return nil, err
	}
	conf, said, err := kerberosConfig(realm, servers)
	if err != nil {
		return nil, err
	}
	l.said = said
	if l.Kind == Keytab {
		return l.kerberos(conf).WithKeytab(l.gate, principal, l.File)
	}
	return l.kerberos(conf).WithPassword(l.gate, principal, l.password)
}

func (l *login) kerberos(conf *config.Config) logon.Kerberos {
	return logon.Kerberos{Config: conf, Timeout: l.timeout, Dial: logon.Dial(l.dial)}
}

// kerberosConfig makes the declared domain controllers the KDCs of their domains,
// so that nobody else is asked. Where KRB5_CONFIG is set that file comes first, and
// the controllers are asked only in realms of which it has no KDC. said is what a
// reader of the result should know of the file.
func kerberosConfig(realm string, servers []server) (conf *config.Config, said string, err error) {
	file := &krb5conf.Conf{}
	if list := os.Getenv("KRB5_CONFIG"); list != "" {
		if file, err = krb5conf.Read(list); err != nil {
			return nil, "", reason.Wrap(err, reason.KerberosFileUnread, "files", list, "words", err)
		}
		if _, err = file.KDCs(realm); err != nil {
			return nil, "", err
		}
		said = "; KDCs and realms as in " + strings.Join(file.Files, ", ")
		if file.DNS {
			said += ", none from DNS, which that file would allow"
		}
	}
	conf = config.New()
	conf.LibDefaults.DefaultRealm = realm
	conf.LibDefaults.DNSLookupKDC, conf.LibDefaults.DNSLookupRealm = false, false
	conf.LibDefaults.UDPPreferenceLimit = 1
	aes := []int32{etypeID.AES256_CTS_HMAC_SHA1_96, etypeID.AES128_CTS_HMAC_SHA1_96}
	conf.LibDefaults.DefaultTktEnctypeIDs, conf.LibDefaults.DefaultTGSEnctypeIDs, conf.LibDefaults.PermittedEnctypeIDs = aes, aes, aes
	maps.Copy(conf.DomainRealm, file.Domains)
	written := config.Config{DomainRealm: file.Domains}
	realms := maps.Clone(file.Realms)
	if realms == nil {
		realms = map[string][]string{}
	}
	for _, s := range servers {
		_, domain, ok := strings.Cut(s.host, ".")
		if !ok || net.ParseIP(s.host) != nil {
			continue
		}
		r := strings.ToUpper(domain)
		if written.ResolveRealm(s.host) == "" {
			// And so are those beside it that nobody declares.
			conf.DomainRealm["."+domain] = r
		}
		if len(file.Realms[r]) == 0 {
			realms[r] = append(realms[r], s.address(portKerberos))
		}
	}
	if len(realms[realm]) == 0 {
		// A realm that is none of the servers' domains: whichever of them is asked
		// says so.
		for _, s := range servers {
			realms[realm] = append(realms[realm], s.address(portKerberos))
		}
	}
	for _, r := range slices.Sorted(maps.Keys(realms)) {
		conf.Realms = append(conf.Realms, config.Realm{Realm: r, KDC: realms[r]})
	}
	return conf, said, nil
}

// kerberosError is what went wrong between us and a KDC.
type kerberosError struct{ error }

func (e kerberosError) Unwrap() error { return e.error }
