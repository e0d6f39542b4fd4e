package logon

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/cloudsoda/go-smb2"
	"github.com/go-ldap/ldap/v3"
	"github.com/go-ldap/ldap/v3/gssapi"
	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/keytab"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Tickets is one Kerberos log-on that everything of one reading shares. What it
// shows after the log-on are tickets, no secret.
type Tickets struct {
	login *Login
	conf  *config.Config
	creds *credentials.Credentials // nil for a ticket cache
	// secret is the password, or a name for the keys of a keytab.
	secret  []byte
	realm   string
	timeout time.Duration
	dial    Dial

	turn   chan struct{} // one at a time
	cache  *credentials.CCache
	client *client.Client // of what is in the cache
}

// Dial opens a connection, as [net.Dialer.DialContext] does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Kerberos says what a log-on needs beside its secret.
type Kerberos struct {
	Config  *config.Config // with the KDCs that may be asked
	Timeout time.Duration  // for each of them
	Dial    Dial           // nil is that of the system
}

// Principal takes user@REALM apart.
func Principal(p string) (user, realm string, err error) {
	i := strings.LastIndexByte(p, '@')
	if i <= 0 || i == len(p)-1 {
		return "", "", reason.Fail(reason.PrincipalOdd, "principal", p)
	}
	return p[:i], strings.ToUpper(p[i+1:]), nil
}

func (k Kerberos) tickets(l *Login, realm string) *Tickets {
	if k.Dial == nil {
		k.Dial = new(net.Dialer).DialContext
	}
	return &Tickets{login: l, conf: k.Config, realm: realm, timeout: k.Timeout, dial: k.Dial, turn: make(chan struct{}, 1)}
}

// WithPassword is a log-on that has not happened yet.
func (k Kerberos) WithPassword(l *Login, principal string, password []byte) (*Tickets, error) {
	user, realm, err := Principal(principal)
	if err != nil {
		return nil, err
	}
	t := k.tickets(l, realm)
	t.creds, t.secret = credentials.New(user, realm).WithPassword(string(password)), password
	return t, nil
}

// WithKeytab is a log-on that has not happened yet, with the keys in a file.
func (k Kerberos) WithKeytab(l *Login, principal, file string) (*Tickets, error) {
	user, realm, err := Principal(principal)
	if err != nil {
		return nil, err
	}
	table, err := keytab.Load(file)
	if err != nil {
		return nil, reason.Wrap(err, reason.KeytabUnread, "file", file, "words", err)
	}
	t := k.tickets(l, realm)
	t.creds, t.secret = credentials.New(user, realm).WithKeytab(table), keys(table)
	return t, nil
}

// keys is a name for the keys of a keytab, whatever their order.
func keys(table *keytab.Keytab) []byte {
	entries := slices.Clone(table.Entries)
	h := sha256.New()
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s@%s %d %d %x", strings.Join(e.Principal.Components, "/"), e.Principal.Realm, e.KVNO, e.Key.KeyType, e.Key.KeyValue))
	}
	slices.SortFunc(all, cmp.Compare)
	for _, line := range all {
		h.Write([]byte(line + "\n"))
	}
	return h.Sum([]byte("keytab:"))
}

// Cache is a file of tickets that is read.
type Cache struct {
	cache *credentials.CCache
	file  string
}

// LoadCache reads a ticket cache.
func LoadCache(file string) (*Cache, error) {
	cache, err := credentials.LoadCCache(file)
	if err != nil {
		return nil, reason.Wrap(err, reason.CacheUnread, "file", file, "words", err)
	}
	return &Cache{cache, file}, nil
}

// Realm is that of the account, and Principal is the account.
func (c *Cache) Realm() string { return c.cache.DefaultPrincipal.Realm }

// Principal is the account.
func (c *Cache) Principal() string {
	return c.cache.DefaultPrincipal.PrincipalName.PrincipalNameString() + "@" + c.Realm()
}

// WithCache uses tickets that are there.
func (k Kerberos) WithCache(l *Login, c *Cache) (*Tickets, error) {
	t := k.tickets(l, c.Realm())
	t.cache = c.cache
	if err := t.hold(); err != nil {
		return nil, reason.Wrap(err, reason.CacheUseless, "file", c.file, "words", err)
	}
	return t, nil
}

// take waits for the turn; give ends it.
func (t *Tickets) take(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *Tickets) give() { <-t.turn }

// LogOn gets a ticket-granting ticket, once.
func (t *Tickets) LogOn(ctx context.Context) error {
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	return t.logOn(ctx)
}

func (t *Tickets) logOn(ctx context.Context) error {
	if t.client != nil {
		if tgt, ok := t.entry(ticketGranter(t.cache.DefaultPrincipal.Realm)); !ok || !time.Now().Before(tgt.EndTime) {
			return errors.New("no valid existing session")
		}
		return nil
	}
	cache, err := t.exchange(ctx)
	if err != nil {
		return err
	}
	t.cache = cache
	return t.hold()
}

// hold makes the client that the libraries ask for tickets. It knows no KDC: it
// would wait for one without a context, and log on again behind our back.
func (t *Tickets) hold() error {
	quiet := *t.conf
	quiet.Realms = nil
	quiet.LibDefaults.DNSLookupKDC = false
	c, err := client.NewFromCCache(t.cache, &quiet, client.DisablePAFXFAST(true))
	if err == nil {
		t.client = c
	}
	return err
}

// Prepare logs on and gets the ticket for a service, so that the libraries that
// want it find it there.
func (t *Tickets) Prepare(ctx context.Context, service string) error {
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	if err := t.logOn(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return t.service(ctx, service)
}

// Close forgets the tickets and ends their renewal.
func (t *Tickets) Close() {
	if t == nil {
		return
	}
	t.turn <- struct{}{}
	defer t.give()
	if t.client != nil {
		t.client.Destroy()
	}
}

// Negotiator is the part of a bind by Kerberos that agrees on the layer.
type Negotiator interface {
	ldap.GSSAPIClient
}

// Initiator is what a Negotiator shows the ticket with, after [Tickets.Prepare].
func (t *Tickets) Initiator() gssapi.Client {
	t.turn <- struct{}{}
	defer t.give()
	return gssapi.Client{Client: t.client}
}

// LDAP shows a ticket to an LDAP server.
func (t *Tickets) LDAP(at Place, c *ldap.Conn, n Negotiator, service string) error {
	if err := t.login.Held(at, t.secret); err != nil {
		return err
	}
	return c.GSSAPIBind(n, service, "")
}

// SMB shows a ticket to a file server. Signing is required.
func (t *Tickets) SMB(ctx context.Context, at Place, raw net.Conn, address, service string) (*smb2.Session, error) {
	if err := t.login.Held(at, t.secret); err != nil {
		return nil, err
	}
	t.turn <- struct{}{}
	c := t.client
	t.give()
	if c == nil {
		return nil, errors.New("there is no ticket")
	}
	return dialSMB(ctx, raw, address, &smb2.Krb5Initiator{Client: c, TargetSPN: service})
}
