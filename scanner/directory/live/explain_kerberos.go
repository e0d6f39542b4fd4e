package live

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon"
)

// refusals of a KDC, by the number that the library puts into its text
// (RFC 4120 7.5.9).
var refusals = []struct{ code, says string }{
	{"(6) KDC_ERR_C_PRINCIPAL_UNKNOWN", "the KDC does not know the account"},
	{"(7) KDC_ERR_S_PRINCIPAL_UNKNOWN", "the KDC does not know the server by that name; name the domain controller by its full DNS name"},
	{"(14) KDC_ERR_ETYPE_NOSUPP", "the account has no AES key; change its password once, or allow AES for it"},
	{"(18) KDC_ERR_CLIENT_REVOKED", "the account is disabled or locked out"},
	{"(23) KDC_ERR_KEY_EXPIRED", "the account's password has expired"},
	{"(24) KDC_ERR_PREAUTH_FAILED", "wrong password or stale keytab"},
	{"(25) KDC_ERR_PREAUTH_REQUIRED", "the KDC wants pre-authentication that this credential cannot give"},
	{"(31) KRB_AP_ERR_BAD_INTEGRITY", "wrong password or stale keytab"},
	{"(32) KRB_AP_ERR_TKT_EXPIRED", "the ticket has expired; log on again with kinit"},
	{"(33) KRB_AP_ERR_TKT_NYV", "the ticket is not valid yet: the clocks differ"},
	{"(37) KRB_AP_ERR_SKEW", "the clocks of this machine and the domain controller differ by more than 5 minutes"},
	{"(68) KDC_ERR_WRONG_REALM", "the account is of another realm"},
}

// explainKerberos makes one sentence of what the library tells in many.
func explainKerberos(l *login, err error) error {
	var silent *logon.KDCError
	if errors.As(err, &silent) {
		return explainSilent(err)
	}
	text := err.Error()
	for _, r := range refusals {
		if strings.Contains(text, r.code) {
			return errors.New(r.says)
		}
	}
	switch {
	case strings.Contains(text, "no valid existing session"), strings.Contains(text, "TGT not found"):
		return fmt.Errorf("the ticket cache %s holds no valid ticket; log on with kinit", l.File)
	case strings.Contains(text, "matching key not found"):
		return fmt.Errorf("the keytab %s has no key for %s that the KDC wants", l.File, l.Principal)
	case strings.Contains(text, "clock skew"):
		return errors.New("the clocks of this machine and the domain controller differ by more than 5 minutes")
	case strings.Contains(text, "no KDCs defined"):
		return errors.New("no declared domain controller is of its realm; declare one, or set KRB5_CONFIG")
	case strings.Contains(text, "etworking_Error"):
		return fmt.Errorf("the KDC cannot be reached: %s", text)
	}
	return plain(err)
}

// explainSilent is why each KDC gave no answer.
func explainSilent(err error) error {
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		var all []error
		for _, e := range several.Unwrap() {
			all = append(all, explainSilent(e))
		}
		return errors.Join(all...)
	}
	var silent *logon.KDCError
	if errors.As(err, &silent) {
		return fmt.Errorf("the KDC %s: %w", silent.KDC, plain(silent.Err))
	}
	return err
}
