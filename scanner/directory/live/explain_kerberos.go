package live

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// refusals of a KDC, by the number that the library puts into its text
// (RFC 4120 7.5.9).
var refusals = []struct {
	number string
	code   reason.Code
}{
	{"(6) KDC_ERR_C_PRINCIPAL_UNKNOWN", reason.KDCAccountUnknown},
	{"(7) KDC_ERR_S_PRINCIPAL_UNKNOWN", reason.KDCServerUnknown},
	{"(14) KDC_ERR_ETYPE_NOSUPP", reason.KDCNoAESKey},
	{"(18) KDC_ERR_CLIENT_REVOKED", reason.KDCAccountRevoked},
	{"(23) KDC_ERR_KEY_EXPIRED", reason.PasswordExpired},
	{"(24) KDC_ERR_PREAUTH_FAILED", reason.KDCWrongSecret},
	{"(25) KDC_ERR_PREAUTH_REQUIRED", reason.KDCPreauthWanted},
	{"(31) KRB_AP_ERR_BAD_INTEGRITY", reason.KDCWrongSecret},
	{"(32) KRB_AP_ERR_TKT_EXPIRED", reason.TicketExpired},
	{"(33) KRB_AP_ERR_TKT_NYV", reason.TicketNotYetValid},
	{"(37) KRB_AP_ERR_SKEW", reason.ClocksDiffer},
	{"(68) KDC_ERR_WRONG_REALM", reason.KDCOtherRealm},
}

// explainKerberos finds the one cause in what the library tells in many sentences.
func explainKerberos(l *login, err error) error {
	var silent *logon.KDCError
	if errors.As(err, &silent) {
		return explainSilent(err)
	}
	text := err.Error()
	for _, r := range refusals {
		if strings.Contains(text, r.number) {
			return reason.Wrap(err, r.code)
		}
	}
	switch {
	case strings.Contains(text, "no valid existing session"), strings.Contains(text, "TGT not found"):
		return reason.Wrap(err, reason.CacheWithoutTicket, "file", l.File)
	case strings.Contains(text, "matching key not found"):
		return reason.Wrap(err, reason.KeytabWithoutKey, "file", l.File, "account", l.Principal)
	case strings.Contains(text, "clock skew"):
		return reason.Wrap(err, reason.ClocksDiffer)
	case strings.Contains(text, "no KDCs defined"):
		return reason.Wrap(err, reason.RealmWithoutKDC)
	case strings.Contains(text, "etworking_Error"):
		return reason.Wrap(err, reason.KDCUnreachable, "words", text)
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
		return part(plain(silent.Err), reason.KDCSilent, "kdc", silent.KDC)
	}
	return err
}
