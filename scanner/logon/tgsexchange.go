package logon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jcmturner/gofork/encoding/asn1"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/iana/patype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// mostReferrals is from how many realms to how many others a ticket is looked for
// (RFC 6806 8).
const mostReferrals = 5

// mostIterations is how often a KDC may have a password hashed. Active Directory
// has 4,096, RFC 8009 32,768; the field holds 2^32, which are hours.
const mostIterations = 1 << 20

func ticketGranter(realm string) types.PrincipalName {
	return types.PrincipalName{NameType: nametype.KRB_NT_SRV_INST, NameString: []string{"krbtgt", realm}}
}

// kdcs are those of a realm in the order in which they are declared, which the
// library shuffles. It would also look for them in DNS.
func (t *Tickets) kdcs(realm string) ([]string, error) {
	for _, r := range t.conf.Realms {
		if r.Realm == realm && len(r.KDC) > 0 {
			return r.KDC, nil
		}
	}
	return nil, fmt.Errorf("no KDCs defined in configuration for realm %s", realm)
}

// entry is a ticket of the cache.
func (t *Tickets) entry(of types.PrincipalName) (*credentials.Credential, bool) {
	i := slices.IndexFunc(t.cache.Credentials, func(c *credentials.Credential) bool {
		return slices.Equal(c.Server.PrincipalName.NameString, of.NameString)
	})
	if i < 0 {
		return nil, false
	}
	return t.cache.Credentials[i], true
}

// service gets the ticket for a service into the cache (RFC 4120 3.3). It is done
// here for the same reasons as the log-on. Only KDCs of the configuration are
// asked, wherever one of them refers to.
func (t *Tickets) service(ctx context.Context, name string) error {
	want := types.NewPrincipalName(nametype.KRB_NT_PRINCIPAL, name)
	if e, ok := t.entry(want); ok {
		if time.Now().Before(e.EndTime) {
			return nil
		}
		t.cache.Credentials = slices.DeleteFunc(t.cache.Credentials, func(c *credentials.Credential) bool { return c == e })
	}
	at := t.cache.DefaultPrincipal.Realm
	_, host, _ := strings.Cut(name, "/")
	realm := t.conf.ResolveRealm(strings.ToLower(host))
	if realm == "" {
		realm = at
	}
	granter, ok := t.entry(ticketGranter(at))
	if !ok {
		return errors.New("TGT not found")
	}
	seen := []string{at}
	for range mostReferrals {
		ask := want
		if at != realm {
			ask = ticketGranter(realm)
		}
		got, err := t.grant(ctx, at, granter, ask)
		if err != nil {
			return err
		}
		parts := got.Server.PrincipalName.NameString
		if slices.EqualFunc(parts, want.NameString, strings.EqualFold) {
			t.cache.Credentials = append(t.cache.Credentials, got)
			return t.hold()
		}
		if len(parts) != 2 || parts[0] != "krbtgt" {
			return fmt.Errorf("asked for a ticket for %s, the KDC of %s gave one for %s", name, at, strings.Join(parts, "/"))
		}
		if at == realm {
			realm = parts[1]
		}
		at, granter = parts[1], got
		if slices.Contains(seen, at) {
			return fmt.Errorf("the KDCs refer to each other for %s: %s, %s", name, strings.Join(seen, ", "), at)
		}
		seen = append(seen, at)
	}
	return fmt.Errorf("the KDCs refer from one to another for %s: %s", name, strings.Join(seen, ", "))
}

// grant asks the KDCs of a realm for a ticket.
func (t *Tickets) grant(ctx context.Context, realm string, granter *credentials.Credential, name types.PrincipalName) (*credentials.Credential, error) {
	kdcs, err := t.kdcs(realm)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, kdc := range kdcs {
		got, err := t.grantBy(ctx, kdc, realm, granter, name)
		var silent *KDCError
		switch {
		case err == nil:
			return got, nil
		case !errors.As(err, &silent), ctx.Err() != nil:
			return nil, err
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func (t *Tickets) grantBy(ctx context.Context, kdc, realm string, granter *credentials.Credential, name types.PrincipalName) (got *credentials.Credential, err error) {
	defer unread(&err)
	var tgt messages.Ticket
	if err := tgt.Unmarshal(granter.Ticket); err != nil {
		return nil, fmt.Errorf("the ticket of %s cannot be read: %w", realm, err)
	}
	request, err := messages.NewTGSReq(t.cache.DefaultPrincipal.PrincipalName, realm, t.conf, tgt, granter.Key, name, false)
	if err != nil {
		return nil, err
	}
	text, err := t.ask(ctx, kdc, &request)
	if err != nil {
		return nil, err
	}
	var answer messages.TGSRep
	if err := answer.Unmarshal(text); err != nil {
		return nil, fmt.Errorf("the answer of the KDC cannot be read: %w", err)
	}
	if err := answer.DecryptEncPart(granter.Key); err != nil {
		return nil, fmt.Errorf("the answer of the KDC cannot be opened: %w", err)
	}
	if ok, err := answer.Verify(t.conf, request); !ok {
		return nil, fmt.Errorf("the answer of the KDC is not one to what was asked: %w", err)
	}
	if slices.EqualFunc(answer.Ticket.SName.NameString, name.NameString, strings.EqualFold) {
		answer.Ticket.SName.NameString = name.NameString // as the libraries will ask for it
	}
	ticket, err := answer.Ticket.Marshal()
	if err != nil {
		return nil, err
	}
	part := answer.DecryptedEncPart
	got = &credentials.Credential{
		Key: part.Key, AuthTime: part.AuthTime, StartTime: part.StartTime, EndTime: part.EndTime, RenewTill: part.RenewTill,
		TicketFlags: part.Flags, Ticket: ticket,
	}
	got.Client = t.cache.DefaultPrincipal
	got.Server.Realm, got.Server.PrincipalName = answer.Ticket.Realm, answer.Ticket.SName
	return got, nil
}

// unread turns a panic of the library over what a KDC sent into an error.
func unread(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the answer of the KDC cannot be read: %v", r)
	}
}

// only is what the KDC says of one encryption type. The library takes the first
// one whichever it is asked for.
func only(info types.ETypeInfo2Entry) (types.PAData, error) {
	if err := cheap(info); err != nil {
		return types.PAData{}, err
	}
	value, err := asn1.Marshal(types.ETypeInfo2{info})
	return types.PAData{PADataType: patype.PA_ETYPE_INFO2, PADataValue: value}, err
}

func cheap(info types.ETypeInfo2Entry) error {
	if p := info.S2KParams; len(p) == 4 {
		if n := uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3]); n == 0 || n > mostIterations {
			return fmt.Errorf("the KDC wants the password hashed %d times, which is too often", n)
		}
	}
	return nil
}

// sane looks at what the library would make a key from.
func (t *Tickets) sane(pas types.PADataSequence, etype int32) error {
	allowed := t.conf.LibDefaults.DefaultTktEnctypeIDs
	if !slices.Contains(allowed, etype) {
		return fmt.Errorf("the answer of the KDC has the encryption type %d, which is not used", etype)
	}
	for _, pa := range pas {
		switch pa.PADataType {
		case patype.PA_ETYPE_INFO2:
			infos, err := pa.GetETypeInfo2()
			if err != nil || len(infos) == 0 || infos[0].EType != etype {
				return errors.New("the answer of the KDC says nothing of its encryption type")
			}
			if err := cheap(infos[0]); err != nil {
				return err
			}
		case patype.PA_ETYPE_INFO: // older than AES
			return errors.New("the answer of the KDC has an encryption type that is not used")
		}
	}
	return nil
}
