package logon

import (
	"fmt"
	"time"
)

// Refusal is that an account was turned down.
type Refusal struct {
	Account Account   `json:"account"`
	At      time.Time `json:"at"`
	Place   string    `json:"place"`
	Why     string    `json:"why"` // a few words
	// Advice is what to declare, so that the next refusal says more.
	Advice string `json:"advice,omitempty"`
	// Here says that the place alone refused: the secret is right elsewhere.
	Here bool `json:"-"`

	file string // of the memory

}

// Held is that a secret was not shown, and why.
type Held struct {
	Account string   // as the policy has it
	Refusal *Refusal // nil where it is the limit
	Limit   string
}

// Retry is how somebody asks for one more attempt.
const Retry = "--retry-credential"

// Error is one sentence; it never holds the secret.
func (h *Held) Error() string {
	r := h.Refusal
	switch {
	case r == nil:
		return fmt.Sprintf("%s: not tried: %s", h.Account, h.Limit)
	case r.Here:
		return fmt.Sprintf("%s was refused there at %s, not tried again in this run: %s", h.Account, clock(r.At), r.Why)
	}
	text := fmt.Sprintf("%s was refused at %s, not tried again, so that it is not locked out: %s said %q. After a look at it %s allows one attempt", h.Account, clock(r.At), r.Place, r.Why, Retry)
	if r.Advice != "" {
		text += "; " + r.Advice
	}
	return text
}

// clock is a moment: of a day for one of today, with the day for an older one.
func clock(t time.Time) string {
	if now := time.Now().UTC(); now.Sub(t) < 24*time.Hour && now.Day() == t.UTC().Day() {
		return t.UTC().Format("15:04 UTC")
	}
	return t.UTC().Format("15:04 UTC on 2006-01-02")
}
