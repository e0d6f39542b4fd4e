package logon

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/iana/patype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// KDCError is a KDC that gave no answer.
type KDCError struct {
	KDC string
	Err error
}

func (e *KDCError) Error() string { return fmt.Sprintf("the KDC %s: %v", e.KDC, e.Err) }

func (e *KDCError) Unwrap() error { return e.Err }

// errDecrypt is an answer that the secret does not open.
var errDecrypt = errors.New("wrong password or stale keytab: the answer of the KDC cannot be opened with it")

// exchange gets a ticket-granting ticket (RFC 4120 3.1). It is done here: the
// library sends a second wrong password after the first was refused, and knows no
// context. The first request shows nothing; the KDC answers what it wants. The
// second shows a time, sealed with the key of the account: one attempt.
func (t *Tickets) exchange(ctx context.Context) (*credentials.CCache, error) {
	kdcs, err := t.kdcs(t.realm)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, kdc := range kdcs {
		cache, err := t.exchangeWith(ctx, kdc)
		var silent *KDCError
		switch {
		case err == nil:
			return cache, nil
		case !errors.As(err, &silent), ctx.Err() != nil:
			return nil, err
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func (t *Tickets) exchangeWith(ctx context.Context, kdc string) (cache *credentials.CCache, err error) {
	defer unread(&err)
	at := Place{Name: "the KDC " + kdc, Controller: true}
	if err := t.login.Held(at, t.secret); err != nil {
		return nil, err
	}
	request, err := messages.NewASReqForTGT(t.realm, t.conf, t.creds.CName())
	if err != nil {
		return nil, err
	}
	answer, err := t.ask(ctx, kdc, &request)
	if err == nil {
		cache, err = t.open(request, answer) // it wants no pre-authentication
		if errors.Is(err, errDecrypt) {
			t.login.end(nil, at, t.secret, t.login.gate.id(t.secret), Refused, reason.One(reason.KDCWrongSecret))
		}
		return cache, err
	}
	var said messages.KRBError
	if !errors.As(err, &said) {
		return nil, err
	}
	if said.ErrorCode != errorcode.KDC_ERR_PREAUTH_REQUIRED {
		if reply, why := judgeKDC(err); reply == Refused && said.ErrorCode != errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN {
			// Nothing was shown, and yet it says that nothing more should be.
			t.login.end(nil, at, t.secret, t.login.gate.id(t.secret), reply, why)
		}
		return nil, err
	}
	pa, err := t.preauthentication(said)
	if err != nil {
		return nil, err
	}
	request.PAData = append(request.PAData, pa)
	err = t.login.Show(ctx, at, t.secret, func(ctx context.Context) (Reply, reason.List, error) {
		answer, err := t.ask(ctx, kdc, &request)
		if err == nil {
			cache, err = t.open(request, answer)
		}
		reply, why := judgeKDC(err)
		return reply, why, err
	})
	return cache, err
}

// preauthentication is the time, sealed as the KDC said (RFC 4120 5.2.7.2).
func (t *Tickets) preauthentication(said messages.KRBError) (types.PAData, error) {
	var (
		pa      types.PAData
		offered types.PADataSequence
	)
	if err := offered.Unmarshal(said.EData); err != nil {
		return pa, fmt.Errorf("what the KDC wants cannot be read: %w", err)
	}
	key, version, err := t.key(offered)
	if err != nil {
		return pa, err
	}
	now, err := types.GetPAEncTSEncAsnMarshalled()
	if err != nil {
		return pa, err
	}
	sealed, err := crypto.GetEncryptedData(now, key, keyusage.AS_REQ_PA_ENC_TIMESTAMP, version)
	if err != nil {
		return pa, err
	}
	value, err := sealed.Marshal()
	return types.PAData{PADataType: patype.PA_ENC_TIMESTAMP, PADataValue: value}, err
}

// key is that of the encryption type that the KDC prefers and we take.
func (t *Tickets) key(offered types.PADataSequence) (types.EncryptionKey, int, error) {
	for _, pa := range offered {
		if pa.PADataType != patype.PA_ETYPE_INFO2 {
			continue
		}
		infos, err := pa.GetETypeInfo2()
		if err != nil {
			return types.EncryptionKey{}, 0, fmt.Errorf("what the KDC wants cannot be read: %w", err)
		}
		for _, info := range infos {
			for _, may := range t.conf.LibDefaults.DefaultTktEnctypeIDs {
				if info.EType != may {
					continue
				}
				if t.creds.HasKeytab() {
					return t.creds.Keytab().GetEncryptionKey(t.creds.CName(), t.realm, 0, may)
				}
				if pa, err = only(info); err != nil {
					return types.EncryptionKey{}, 0, err
				}
				key, _, err := crypto.GetKeyFromPassword(string(t.secret), t.creds.CName(), t.realm, may, types.PADataSequence{pa})
				return key, 0, err
			}
		}
	}
	return types.EncryptionKey{}, 0, messages.NewKRBError(t.creds.CName(), t.realm, errorcode.KDC_ERR_ETYPE_NOSUPP, "it offers none of the types that are used")
}

// open reads the answer, and is the cache that holds its ticket.
func (t *Tickets) open(request messages.ASReq, text []byte) (*credentials.CCache, error) {
	var answer messages.ASRep
	if err := answer.Unmarshal(text); err != nil {
		return nil, fmt.Errorf("the answer of the KDC cannot be read: %w", err)
	}
	if err := t.sane(answer.PAData, answer.EncPart.EType); err != nil {
		return nil, err
	}
	if ok, err := answer.Verify(t.conf, t.creds, request); !ok {
		return nil, fmt.Errorf("%w (%w)", errDecrypt, err)
	}
	ticket, err := answer.Ticket.Marshal()
	if err != nil {
		return nil, err
	}
	part := answer.DecryptedEncPart
	cache := new(credentials.CCache)
	cache.DefaultPrincipal.Realm, cache.DefaultPrincipal.PrincipalName = answer.CRealm, answer.CName
	entry := &credentials.Credential{
		Key: part.Key, AuthTime: part.AuthTime, StartTime: part.StartTime, EndTime: part.EndTime, RenewTill: part.RenewTill,
		TicketFlags: part.Flags, Ticket: ticket,
	}
	entry.Client = cache.DefaultPrincipal
	entry.Server.Realm, entry.Server.PrincipalName = part.SRealm, part.SName
	cache.Credentials = append(cache.Credentials, entry)
	return cache, nil
}

// largestAnswer is what a KDC may answer; a ticket with many groups has 64 KB.
const largestAnswer = 1 << 20

// ask sends one request over TCP (RFC 4120 7.2.2). An answer that is an error is
// a [messages.KRBError], and none at all a [*KDCError].
func (t *Tickets) ask(ctx context.Context, kdc string, request interface{ Marshal() ([]byte, error) }) ([]byte, error) {
	text, err := request.Marshal()
	if err != nil {
		return nil, err
	}
	answer, err := t.roundTrip(ctx, kdc, text)
	if err != nil {
		return nil, &KDCError{kdc, err}
	}
	var said messages.KRBError
	if said.Unmarshal(answer) == nil {
		return nil, said
	}
	return answer, nil
}

func (t *Tickets) roundTrip(ctx context.Context, kdc string, text []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	c, err := t.dial(ctx, "tcp", kdc)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	answer, err := frame(c, text)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return answer, err
}

func frame(c net.Conn, text []byte) ([]byte, error) {
	if _, err := c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)); err != nil {
		return nil, err
	}
	var size [4]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n == 0 || n > largestAnswer {
		return nil, fmt.Errorf("its answer has %d bytes", n)
	}
	answer, err := io.ReadAll(io.LimitReader(c, int64(n)))
	if err == nil && uint32(len(answer)) < n {
		err = io.ErrUnexpectedEOF
	}
	return answer, err
}

// judgeKDC tells what an answer says of the secret (RFC 4120 7.5.9).
func judgeKDC(err error) (Reply, reason.List) {
	var said messages.KRBError
	switch {
	case err == nil:
		return Accepted, nil
	case errors.Is(err, errDecrypt):
		return Refused, reason.One(reason.KDCWrongSecret)
	case !errors.As(err, &said):
		return Unanswered, nil
	}
	switch said.ErrorCode {
	case errorcode.KDC_ERR_PREAUTH_FAILED, errorcode.KRB_AP_ERR_BAD_INTEGRITY:
		return Refused, reason.One(reason.KDCWrongSecret)
	case errorcode.KDC_ERR_CLIENT_REVOKED:
		return Refused, reason.One(reason.KDCAccountRevoked)
	case errorcode.KDC_ERR_KEY_EXPIRED:
		return Refused, reason.One(reason.PasswordExpired)
	case errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN:
		return Refused, reason.One(reason.KDCAccountUnknown)
	case errorcode.KDC_ERR_POLICY, errorcode.KDC_ERR_CLIENT_NOTYET:
		return RefusedHere, reason.One(reason.LogonLimited)
	}
	return Unread, nil
}
