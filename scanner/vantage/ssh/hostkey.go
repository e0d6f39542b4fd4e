package ssh

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	xknownhosts "golang.org/x/crypto/ssh/knownhosts"

	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// hostKeys are the known keys of one hop. Nothing is trusted on first use.
type hostKeys struct {
	hop   hop
	files []string // that are there
	db    *knownhosts.HostKeyDB
	// refused is what check found, kept because the handshake drops the type.
	refused error
	// distrusted takes note of a changed key, and may rule the host out.
	distrusted *distrust.Places
}

// readHostKeys reads the known_hosts files that are there; a file that cannot be
// read or holds a line that cannot be parsed is an error.
func readHostKeys(h hop, d *distrust.Places) (*hostKeys, error) {
	k := &hostKeys{hop: h, distrusted: d}
	for _, f := range h.KnownHosts {
		if _, err := readFile(f); err == nil {
			k.files = append(k.files, f)
		} else if !os.IsNotExist(err) {
			return nil, reason.Wrap(err, reason.KnownHostsUnreadable, "words", err)
		}
	}
	db, err := knownhosts.NewDB(k.files...)
	if err != nil {
		return nil, reason.Wrap(err, reason.KnownHostsMalformed, "words", err)
	}
	k.db = db
	return k, nil
}

// certAlgorithms are those of host certificates. Which one a host has is a matter
// of its own key, not of the authority's.
var certAlgorithms = []string{
	ssh.CertAlgoED25519v01, ssh.CertAlgoECDSA256v01, ssh.CertAlgoECDSA384v01, ssh.CertAlgoECDSA521v01,
	ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01,
}

// algorithms are those of the known keys, so that the server shows a key that
// can be compared. With none known, and beside an authority, the server may
// choose.
func (k *hostKeys) algorithms() []string {
	known := k.db.HostKeys(k.hop.Key)
	if !slices.ContainsFunc(known, func(p knownhosts.PublicKey) bool { return p.Cert }) {
		return k.db.HostKeyAlgorithms(k.hop.Key)
	}
	all := slices.Clone(certAlgorithms)
	add := func(algorithms ...string) {
		for _, a := range algorithms {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	for _, p := range known {
		switch {
		case p.Cert:
		case p.Type() == ssh.KeyAlgoRSA:
			add(ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		default:
			add(p.Type())
		}
	}
	if len(all) == len(certAlgorithms) { // its own key is refused, in words that say why
		add(ssh.KeyAlgoED25519)
		add(ssh.SupportedAlgorithms().HostKeys...)
	}
	return all
}

// check is an ssh.HostKeyCallback.
func (k *hostKeys) check(name string, remote net.Addr, key ssh.PublicKey) error {
	err := k.db.HostKeyCallback()(name, anyAddress, key)
	if c, ok := key.(*ssh.Certificate); ok && err != nil && !k.authority(c.SignatureKey) {
		// As OpenSSH: a certificate of an unknown authority is no more than its key.
		key = c.Key
		err = k.db.HostKeyCallback()(name, anyAddress, key)
	}
	if err == nil {
		k.refused = k.distrusted.Check(remote, k.hop.Host, k.hop.Alias)
		return k.refused
	}
	k.refused = k.explain(err, key)
	var unknown *xknownhosts.KeyError
	if errors.As(err, &unknown) {
		if plain, _ := k.split(unknown.Want); len(plain) == 0 {
			return k.refused // a host that is only unknown may be the right one
		}
	}
	k.distrust(remote)
	return k.refused
}

// distrust notes that the host shows a key that is not its own.
func (k *hostKeys) distrust(remote net.Addr) {
	k.distrusted.Add(reason.New(reason.OtherHostKey, "host", k.hop.Host), remote, k.hop.Host, k.hop.Alias)
}

// authority reports whether a key is that of an authority for this host.
func (k *hostKeys) authority(key ssh.PublicKey) bool {
	return slices.ContainsFunc(k.db.HostKeys(k.hop.Key), func(p knownhosts.PublicKey) bool {
		return p.Cert && bytes.Equal(p.Marshal(), key.Marshal())
	})
}

// explain says what is wrong with the key that the host offers, and what to do.
func (k *hostKeys) explain(err error, key ssh.PublicKey) error {
	offered := key.Type() + " " + ssh.FingerprintSHA256(key)
	var revoked *xknownhosts.RevokedError
	if errors.As(err, &revoked) {
		return reason.Fail(reason.HostKeyRevoked, "host", k.hop.Host, "offered", offered, "file", revoked.Revoked.Filename, "line", revoked.Revoked.Line)
	}
	if c, ok := key.(*ssh.Certificate); ok {
		if strings.Contains(err.Error(), "revoked") {
			return reason.Fail(reason.HostCertificateRevoked, "host", k.hop.Host, "id", clean(c.KeyId))
		}
		return reason.Wrap(err, reason.HostCertificateInvalid, "host", k.hop.Host, "id", clean(c.KeyId), "words", err)
	}
	var unknown *xknownhosts.KeyError
	if !errors.As(err, &unknown) {
		return reason.Wrap(err, reason.HostKeyUnchecked, "host", k.hop.Host, "offered", offered, "words", err)
	}
	if len(unknown.Want) == 0 {
		return k.unknown(offered)
	}
	plain, lines := k.split(unknown.Want)
	if len(plain) == 0 {
		return reason.Fail(reason.HostKeyUncertified, "host", k.hop.Host, "lines", lines, "offered", offered, "name", knownhosts.Normalize(k.hop.Key))
	}
	return k.changed(plain, "offered", offered)
}

// split tells the keys of the host from those of authorities, which it names by
// their lines.
func (k *hostKeys) split(want []xknownhosts.KnownKey) (plain []xknownhosts.KnownKey, authorities []string) {
	for _, w := range want {
		if k.authority(w.Key) {
			authorities = append(authorities, fmt.Sprintf("%s line %d", w.Filename, w.Line))
		} else {
			plain = append(plain, w)
		}
	}
	return plain, authorities
}

// clean makes the id of a certificate fit for a sentence.
func clean(id string) string {
	if len(id) > 80 {
		id = id[:80]
	}
	return strings.ToValidUTF8(id, "")
}

// unknown is for a host that no file names.
func (k *hostKeys) unknown(offered string) error {
	file := "known_hosts"
	if len(k.hop.KnownHosts) > 0 {
		file = k.hop.KnownHosts[0]
	}
	return reason.Fail(reason.HostKeyUnknown, "host", k.hop.Host, "files", k.files, "offered", offered, "file", file,
		"name", knownhosts.Normalize(k.hop.Key))
}

// changed is for a host that is known by other keys: it offers a key, or only keys
// of other kinds.
func (k *hostKeys) changed(want []xknownhosts.KnownKey, argument string, offers any) error {
	var known reason.List
	for _, w := range want {
		known = append(known, reason.New(reason.HostKeyKnown, "file", w.Filename, "line", w.Line, "key", w.Key.Type()+" "+ssh.FingerprintSHA256(w.Key)))
	}
	return reason.Fail(reason.HostKeyChanged, "host", k.hop.Host, "known", known, argument, offers,
		"name", knownhosts.Normalize(k.hop.Key), "file", want[0].Filename)
}

// otherKinds turns a handshake that found no common host key algorithm into the
// same sentence: the host is known, but has no key of a known kind any more.
func (k *hostKeys) otherKinds(err error) error {
	var none *ssh.AlgorithmNegotiationError
	if !errors.As(err, &none) || none.What != "host key" || len(k.algorithms()) == 0 {
		return nil
	}
	var known *xknownhosts.KeyError
	probe := k.db.HostKeyCallback()(k.hop.Key, anyAddress, noKey{})
	if !errors.As(probe, &known) || len(known.Want) == 0 {
		return nil
	}
	plain, _ := k.split(known.Want)
	if len(plain) == 0 {
		return nil
	}
	return k.changed(plain, "kinds", none.RequestedAlgorithms)
}

// anyAddress stands for the address of the host, which known_hosts is not asked
// for: it is the name that counts.
var anyAddress = &net.TCPAddr{IP: net.IPv4zero}

// noKey equals no key: asking for it lists the known ones.
type noKey struct{ ssh.PublicKey }

func (noKey) Type() string    { return "none" }
func (noKey) Marshal() []byte { return []byte("none") }
