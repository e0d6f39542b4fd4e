package live

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory/live/limits"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// page is how many objects come at once: the most that Active Directory gives
// by default (MaxPageSize, [MS-ADTS] 3.1.1.3.4.6).
const page = 1000

// descriptorParts asks for owner, group and DACL of a security descriptor. An
// account that may not read the SACL gets no descriptor at all where it asks for
// everything ([MS-ADTS] 3.1.1.3.4.1.11).
const descriptorParts = 0x7

const descriptor = "nTSecurityDescriptor"

// query is one search.
type query struct {
	base   string
	scope  int
	filter string
	attrs  []string
	// most is how many objects there can be; 0 is any number.
	most int
}

// mostReferences is how many references to other servers may come with a page,
// and mostEmpty how many pages without an object. mostInBind is how many messages
// an answer to a bind has, of which Kerberos needs three.
const (
	mostReferences = 1000
	mostEmpty      = 100
	mostInBind     = 10
)

// each calls f for every object found, page by page, so that no more than one
// page is in memory. Objects that came before a failure have been passed on.
func (c *conn) each(ctx context.Context, q query, f func(entry)) error {
	paging := ldap.NewControlPaging(page)
	request := ldap.NewSearchRequest(q.base, q.scope, ldap.NeverDerefAliases, 0, int(c.timeout/time.Second), false, q.filter, q.attrs, []ldap.Control{paging})
	for _, a := range q.attrs {
		if a == descriptor {
			request.Controls = append(request.Controls, &ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: descriptorParts})
		}
	}
	all, empty := 0, 0
	firsts := map[string]bool{} // the first object of each page
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if c.dead != nil {
			return c.dead
		}
		result, err := c.page(request)
		if err != nil {
			return c.failed(ctx, err)
		}
		found := result.Entries
		all += len(found)
		switch {
		case q.most > 0 && all > q.most:
			return c.failed(ctx, limits.Beyond(reason.MoreThanThereIs, "most", q.most))
		case len(found) == 0:
			if empty++; empty > mostEmpty {
				return c.failed(ctx, limits.Beyond(reason.PagesEmpty, "pages", empty))
			}
		case firsts[found[0].DN]:
			return c.failed(ctx, limits.Beyond(reason.PageRepeated))
		default:
			// A cookie tells nothing: Samba's is the same for all pages.
			empty, firsts[found[0].DN] = 0, true
		}
		for _, e := range found {
			f(entry{e})
		}
		next, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
		if !ok || len(next.Cookie) == 0 {
			return nil
		}
		paging.SetCookie(next.Cookie)
	}
}

// page is one page, and what is kept of it is counted.
func (c *conn) page(request *ldap.SearchRequest) (*ldap.SearchResult, error) {
	if err := c.frames.Begin(page + mostReferences); err != nil {
		return nil, err
	}
	result, err := c.Search(request)
	c.frames.End()
	if err != nil {
		if hit := c.frames.Failure(); hit != nil {
			err = hit
		}
		return nil, err
	}
	if len(result.Entries) > page {
		return nil, limits.Beyond(reason.PageTooLarge, "sent", len(result.Entries), "asked", page)
	}
	kept := limits.KeptOfSearch
	for _, e := range result.Entries {
		kept += limits.KeptOfObject + len(e.DN)
		for _, a := range e.Attributes {
			if strings.EqualFold(a.Name, "memberOf") {
				continue // it is looked at, and not kept
			}
			for _, v := range a.ByteValues {
				kept += len(v)
			}
		}
	}
	return result, c.frames.Bound.Keep(kept)
}

// one is the object itself.
func (c *conn) one(ctx context.Context, dn string, attrs ...string) (entry, error) {
	var found entry
	err := c.each(ctx, query{base: dn, scope: ldap.ScopeBaseObject, filter: "(objectClass=*)", attrs: attrs, most: 1}, func(e entry) { found = e })
	if err == nil && found.Entry == nil {
		err = errNothing
	}
	return found, err
}

var errNothing = reason.Fail(reason.ObjectMissing)

// failed says why a search failed.
func (c *conn) failed(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var result *ldap.Error
	if !errors.As(err, &result) || result.ResultCode >= ldap.ErrorNetwork {
		// What follows is not tried: each search would wait as long.
		c.dead = lost{unread(c.server.url, plain(err))}
		c.drop()
		return c.dead
	}
	switch result.ResultCode {
	case ldap.LDAPResultNoSuchObject:
		return lost{errNothing}
	case ldap.LDAPResultInsufficientAccessRights:
		return errRefused
	}
	return lost{reason.Fail(reason.ServerSaid, "result", ldap.LDAPResultCodeMap[result.ResultCode], "words", strings.TrimRight(result.Err.Error(), "\x00\n ."))}
}

var errRefused = reason.Fail(reason.NotPermitted)

// lost is a reading that failed: what is there may be right.
type lost struct{ error }

func (l lost) Unwrap() error { return l.error }

// problem is what could not be read or is wrong, and why.
func problem(a run.Aspect, where string, err error) run.Problem {
	var failed lost
	refused := errors.Is(err, errRefused)
	return run.Problem{Aspect: a, Where: where, Why: beside(where, reason.Of(err)), Refused: refused, Unread: refused || errors.As(err, &failed)}
}

// beside is why a place could not be read, where the place is named beside it.
func beside(where string, why reason.List) reason.List {
	if len(why) == 1 && why[0].Is(reason.ServerUnread) && why[0].Word("server") == where {
		return why[0].Because("why")
	}
	return why
}

// unread is an error of a server.
func unread(url string, err error) error {
	return part(err, reason.ServerUnread, "server", url)
}

// part is an error of a part of what is read, which is named by the code.
func part(err error, code reason.Code, args ...any) error {
	return reason.Wrap(err, code, append(args, "why", reason.Of(err))...)
}

// entry is an object of the directory.
type entry struct{ *ldap.Entry }

// text is the first value of an attribute, "" without one.
func (e entry) text(attr string) string { return e.GetEqualFoldAttributeValue(attr) }

func (e entry) all(attr string) []string { return e.GetEqualFoldAttributeValues(attr) }

func (e entry) has(attr string) bool { return len(e.GetEqualFoldRawAttributeValues(attr)) > 0 }

// number is a value of 32 bits, which a directory prints with a sign. ok is false
// where the attribute is not there, or no number.
func (e entry) number(attr string) (n uint32, ok bool) {
	v, err := strconv.ParseInt(e.text(attr), 10, 64)
	return uint32(v), err == nil
}

// set is a number that may be missing.
func (e entry) set(attr string) *uint32 {
	if n, ok := e.number(attr); ok {
		return &n
	}
	return nil
}

// sid is the objectSid, "" without one.
func (e entry) sid() (security.SID, error) {
	raw := e.GetEqualFoldRawAttributeValue("objectSid")
	if len(raw) == 0 {
		return "", nil
	}
	return security.ParseBinarySID(raw)
}

// when is a time in one of the directory's forms.
func (e entry) when(attr string) (time.Time, bool) { return generalized(e.text(attr)) }

// generalized reads 20261123120000.0Z (RFC 4517 3.3.13).
func generalized(text string) (time.Time, bool) {
	t, err := time.Parse("20060102150405Z0700", text)
	return t, err == nil
}

// filetime reads 100 ns intervals since 1601 ([MS-DTYP] 2.3.3); 0 is never.
func filetime(text string) (time.Time, bool) {
	const to1970 = 11644473600
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}, false
	}
	return time.Unix(n/1e7-to1970, n%1e7*100).UTC(), true
}

// parent is the DN of what an object is in (RFC 4514: an escaped comma is none).
func parent(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return dn[i+1:]
		}
	}
	return ""
}

// rdn is the value of the first part of a DN as it stands there.
func rdn(dn string) string {
	first := strings.TrimSuffix(dn, parent(dn))
	_, value, _ := strings.Cut(strings.TrimSuffix(first, ","), "=")
	return value
}

// anyOf is a filter that matches one of several values.
func anyOf(attr string, values []string) string {
	var b strings.Builder
	b.WriteString("(|")
	for _, v := range values {
		fmt.Fprintf(&b, "(%s=%s)", attr, ldap.EscapeFilter(v))
	}
	b.WriteString(")")
	return b.String()
}
