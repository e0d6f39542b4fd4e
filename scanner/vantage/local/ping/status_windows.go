package ping

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/icmp"
)

// tellStatus puts into r what an IP_STATUS says, which IcmpSendEcho2 and
// Icmp6SendEcho2 return for an echo request (ipexport.h): the class, words, and the
// ICMP type and code where the status stands for one pair of them. It reports false
// for a status that it does not know.
func tellStatus(r *vantage.Reply, status uint32, is6 bool) bool {
	numbers := func(type4, code4, type6, code6 uint8) run.ICMP {
		if is6 {
			return run.ICMP{Type: type6, Code: code6}
		}
		return run.ICMP{Type: type4, Code: code4}
	}
	var note string
	switch status {
	case 0:
		r.Class = run.Answered
		return true
	case 11002: // IPv4: several codes are told as this one
		r.Class, note = run.Unreachable, "net unreachable"
	case 11003: // IPv4: as above
		r.Class, note = run.Unreachable, "host unreachable"
	case 11004:
		r.Class, note = run.Refused, "protocol unreachable"
		if is6 {
			r.Class, note, r.ICMP = run.Unreachable, "administratively prohibited", run.ICMP{Type: icmp.Unreachable6, Code: 1}
		}
	case 11005:
		r.Class, note, r.ICMP = run.Refused, "port unreachable", numbers(icmp.Unreachable4, 3, icmp.Unreachable6, 4)
	case 11006:
		r.Class, note = run.Exhausted, "no resources"
	case 11010:
		r.Class = run.Silent
		return true
	case 11013:
		r.Class, note, r.ICMP = run.Unreachable, "time to live exceeded", numbers(icmp.TimeExceeded4, 0, icmp.TimeExceeded6, 0)
	case 11014:
		r.Class, note, r.ICMP = run.Unreachable, "time to live exceeded", numbers(icmp.TimeExceeded4, 1, icmp.TimeExceeded6, 1)
	case 11032:
		r.Class, note = run.Silent, "negotiating IP security"
	case 11050:
		r.Class, note = run.NoRoute, "general failure: no route, or this machine's own filter"
	default:
		return false
	}
	r.Note = fmt.Sprintf("%s (IP_STATUS %d)", note, status)
	return true
}
