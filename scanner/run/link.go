package run

import (
	"math"
	"time"
)

// What a denied window asks of time. A classic kernel sends its third SYN at 3.03 to
// 3.05 s.
const (
	thirdSYN      = 3050 * time.Millisecond
	leastPatience = 500 * time.Millisecond
	spare         = 250 * time.Millisecond
)

// LongestWindow bounds the denied window: a link that asks for more is too slow.
const LongestWindow = 30 * time.Second

// FewestTransmissions are sent of everything that is to be denied.
const FewestTransmissions = 3

// MostTransmissions bounds what is sent over a link that loses packets.
const MostTransmissions = 30

// Exchanges is how many connections are made to one thing to measure a link. On a link
// that loses 30 % of them all 12 get through in one run of 70, and all 24 to two things
// in one run of 5,000. Then the loss is not seen.
const Exchanges = 12

// Patience is how long the third transmission waits for its answer, where an answer
// takes so long at most.
func Patience(answer time.Duration) time.Duration { return max(leastPatience, 4*answer) }

// WindowFor is the length of the denied window that a link asks for. It may be
// longer than [LongestWindow].
func WindowFor(answer time.Duration) time.Duration { return thirdSYN + Patience(answer) + spare }

// Transmissions is how many of the same packet must be sent, so that all of them are
// lost once in a million times at most. It may be more than [MostTransmissions], which
// no run sends: then the link loses too much.
func Transmissions(lost, sent int) int { return against(share(lost, sent)) }

// InTwo is [Transmissions] of what travels in two fragments: it is lost with either.
func InTwo(lost, sent int) int {
	p := share(lost, sent)
	return against(1 - (1-p)*(1-p))
}

// share is how much is lost of what is sent, 0 where that is not known.
func share(lost, sent int) float64 {
	if sent == 0 {
		return 0
	}
	return float64(lost) / float64(sent)
}

// against is how much must be sent where a share of it is lost.
func against(share float64) int {
	const chance = 1e-6
	if share == 0 {
		return FewestTransmissions
	}
	return max(FewestTransmissions, int(math.Ceil(math.Log(chance)/math.Log(min(share, 0.99)))))
}

// Measure is what exchanges tell of the link of a vantage.
type Measure struct {
	Answer     time.Duration // the longest
	Lost, Sent int           // transmissions
	// Untold says that of some answer it is not known which transmission it is to.
	Untold bool
}

// resent is by how much an answer is later than another one of the same exchange, where
// it was lost on its way and sent again: TCP waits a second (RFC 6298 2.1).
const resent = 900 * time.Millisecond

// Note takes in an exchange with what is alive, or with the IKE of a host, and reports
// whether it was answered. What answers nothing is no measure. Of IKE nothing is known
// of loss: a host answers the protocols that it speaks.
//
// An answer that was lost and sent again counts as lost. How long it took tells nothing
// of the link: whoever waits for the others misses it.
func (m *Measure) Note(o *Observation) (answered bool) {
	if !o.Spoke() {
		return false
	}
	ike, quickest := o.Need.Probe == ProbeIKE, o.QuickestAnswer()
	for i := range o.Tries {
		t := &o.Tries[i]
		lost, sent := t.Lost()
		if again := t.AnswerTime() >= quickest+resent; again && !ike && sent > 0 {
			sent = max(t.Sent, sent+1)
			lost = sent - 1
		} else {
			m.Answer = max(m.Answer, t.AnswerTime())
			m.Untold = m.Untold || t.AnswerTime() > 0 && t.Took == 0
		}
		if !ike {
			m.Lost, m.Sent = m.Lost+lost, m.Sent+sent
		}
	}
	return true
}
