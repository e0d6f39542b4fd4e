package logon

import (
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Refusal is that an account was turned down.
type Refusal struct {
	Account Account     `json:"account"`
	At      time.Time   `json:"at"`
	Place   string      `json:"place"`
	Why     reason.List `json:"why"`
	// Advice is what to declare, so that the next refusal says more.
	Advice reason.List `json:"advice,omitempty"`
	// Here says that the place alone refused: the secret is right elsewhere.
	Here bool `json:"-"`

	file string // of the memory

}

// Held is that a secret was not shown, and why.
type Held struct {
	Account string   // as the policy has it
	Refusal *Refusal // nil where it is the limit
	Limit   reason.List
}

// Retry is how somebody asks for one more attempt.
const Retry = "--retry-credential"

// Error is the reason for a log; it never holds the secret.
func (h *Held) Error() string { return h.Why().Key() }

// Why is the reason, by code; it never holds the secret.
func (h *Held) Why() reason.List {
	r := h.Refusal
	switch {
	case r == nil:
		return reason.One(reason.AccountLimit, "account", h.Account, "why", h.Limit)
	case r.Here:
		return reason.One(reason.AccountHeldHere, "account", h.Account, "at", clock(r.At), "why", r.Why)
	}
	return reason.One(reason.AccountHeld, "account", h.Account, "at", clock(r.At), "place", r.Place, "why", r.Why, "advice", r.Advice)
}

// clock is a moment: of a day for one of today, with the day for an older one.
func clock(t time.Time) string {
	if now := time.Now().UTC(); now.Sub(t) < 24*time.Hour && now.Day() == t.UTC().Day() {
		return t.UTC().Format("15:04 UTC")
	}
	return t.UTC().Format("15:04 UTC on 2006-01-02")
}
