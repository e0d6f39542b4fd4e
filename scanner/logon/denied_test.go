package logon

import (
	"errors"
	"testing"
	"time"

	"github.com/cloudsoda/go-smb2"
	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/messages"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// TestWhatAServerSaysOfAnAccount reads answers as they come by LDAP, by SMB and from
// a KDC.
func TestWhatAServerSaysOfAnAccount(t *testing.T) {
	type judged struct {
		reply Reply
		why   reason.List
	}
	bind := func(data string) judged {
		reply, why := judgeLDAP(ldap.NewError(ldap.LDAPResultInvalidCredentials, errors.New("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data "+data+", v4f7c\x00")))
		return judged{reply, why}
	}
	smb := func(status uint32) judged {
		reply, why := judgeSMB(&smb2.ResponseError{Code: status})
		return judged{reply, why}
	}
	kdc := func(code int32) judged {
		reply, why := judgeKDC(messages.KRBError{ErrorCode: code})
		return judged{reply, why}
	}
	for _, c := range []struct {
		got   judged
		reply Reply
		why   reason.Code
	}{
		{bind("52e"), Refused, reason.PasswordWrong},
		{bind("525"), Refused, reason.AccountAbsent},
		{bind("530"), RefusedHere, reason.LogonHours},
		{bind("531"), RefusedHere, reason.LogonPlaces},
		{bind("532"), Refused, reason.PasswordExpired},
		{bind("533"), Refused, reason.LogonAccountDisabled},
		{bind("701"), Refused, reason.LogonAccountExpired},
		{bind("773"), Refused, reason.PasswordMustChange},
		{bind("775"), Refused, reason.AccountLockedOut},
		{bind("999"), Refused, reason.CredentialsInvalid},
		{smb(0xC000006D), Refused, reason.PasswordWrong},
		{smb(0xC000006E), RefusedHere, reason.AccountRestricted},
		{smb(0xC000015B), RefusedHere, reason.LogonTypeDenied},
		{smb(0xC0000022), RefusedHere, reason.LogonAccessDenied},
		{smb(0xC0000418), Unread, reason.NTLMNotTaken},
		{kdc(errorcode.KDC_ERR_PREAUTH_FAILED), Refused, reason.KDCWrongSecret},
		{kdc(errorcode.KDC_ERR_CLIENT_REVOKED), Refused, reason.KDCAccountRevoked},
		{kdc(errorcode.KDC_ERR_KEY_EXPIRED), Refused, reason.PasswordExpired},
		{kdc(errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN), Refused, reason.KDCAccountUnknown},
		{kdc(errorcode.KDC_ERR_POLICY), RefusedHere, reason.LogonLimited},
	} {
		if !c.got.why.Equal(reason.One(c.why)) || c.got.reply != c.reply {
			t.Errorf("%d %s, want %d %s", c.got.reply, c.got.why.Key(), c.reply, c.why)
		}
	}
	// What nobody knows says nothing of an account.
	if got := smb(0xC0000001); got.reply != Unanswered || got.why != nil {
		t.Errorf("another status: %+v", got)
	}
	if got := bind("80090346"); got.reply != Unread || got.why != nil {
		t.Errorf("a channel binding: %+v", got)
	}
}

// TestWhyNoAttemptIsLeft asks limits.
func TestWhyNoAttemptIsLeft(t *testing.T) {
	unread := reason.One(reason.PDCUnread)
	near := Limit{Known: true, Threshold: 5, Count: 3, Where: "dc01", Window: 30 * time.Minute}
	for _, c := range []struct {
		limit Limit
		lost  int
		want  reason.List
	}{
		{Limit{Why: unread}, 1, reason.One(reason.LockoutUnknown, "why", unread)},
		{Limit{}, 1, reason.One(reason.LockoutUnknown)},
		{near, 2, reason.One(reason.LockoutUnanswered, "lost", 2, "count", 3, "at", "dc01", "threshold", 5)},
		{near, 0, reason.One(reason.LockoutNear, "count", 3, "at", "dc01", "threshold", 5, "window", "30m0s")},
	} {
		if got := c.limit.says(c.lost); !got.Equal(c.want) {
			t.Errorf("%s, want %s", got.Key(), c.want.Key())
		}
	}
}

// TestWhatToDeclare is what a refusal by a machine, which does not tell a wrong
// password from a missing right, says of the account.
func TestWhatToDeclare(t *testing.T) {
	declared := Forests{{Name: "contoso.test", Domains: []string{"contoso.test"}, Controlled: []string{"contoso.test"}}}
	for written, want := range map[string]reason.List{
		"admin":               reason.One(reason.AccountOfWhom, "user", "admin"),
		`OTHER\admin`:         reason.One(reason.DenialAmbiguous),
		"admin@other.test":    reason.One(reason.DenialAmbiguous, "domain", "other.test"),
		`contoso.test\admin`:  nil,
		"admin@contoso.test.": nil,
	} {
		l := NewGate(nil, declared).For("admin", written, "host1.contoso.test")
		p := &peer{reply: Refused}
		_ = p.show(t.Context(), l, "host1", "right")
		held := p.show(t.Context(), l, "host1", "right")
		why := reason.Of(held)
		if !why.Has(reason.AccountHeld) || !why[0].Because("advice").Equal(want) || !why[0].Because("why").Equal(reason.One(reason.PasswordWrong)) {
			t.Errorf("%s: %s, want %s", written, why.Key(), want.Key())
		}
	}
}

// TestASecretIsNotSent where others would see it, or where it is none.
func TestASecretIsNotSent(t *testing.T) {
	l := Alone("admin")
	for want, err := range map[reason.Code]error{
		reason.TLSMissing:    l.LDAP(t.Context(), Place{Name: "dc01"}, nil, nil, "admin", []byte("right")),
		reason.PasswordEmpty: l.Basic(t.Context(), Place{Name: "host1"}, "admin", nil, false, nil),
	} {
		if got := reason.Of(err); !got.Equal(reason.One(want)) {
			t.Errorf("%s, want %s", got.Key(), want)
		}
	}
}

// TestAUselessTicketCache has the tickets of nobody.
func TestAUselessTicketCache(t *testing.T) {
	c := &Cache{cache: new(credentials.CCache), file: "cache"}
	_, err := Kerberos{Config: config.New()}.WithCache(Alone("reader"), c)
	if got := reason.Of(err); !got.Has(reason.CacheUseless) || got[0].Word("file") != "cache" {
		t.Error(got.Key())
	}
}
