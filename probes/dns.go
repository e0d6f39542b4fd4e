package probes

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// dnsPayload is the size of answer that we ask for by EDNS, so that a domain
// with many records is not cut: it goes through any path unfragmented.
const dnsPayload = 1232

// Limits of one answer. UDP carries 64 kB, of which an SRV record takes some 30.
const (
	dnsLargest = 65535
	dnsRecords = 1000
	dnsAliases = 8 // from one name to the next
)

// rcodes name the response codes as a reader knows them.
var rcodes = map[dnsmessage.RCode]string{
	dnsmessage.RCodeSuccess: "success", dnsmessage.RCodeFormatError: "formerr",
	dnsmessage.RCodeServerFailure: "servfail", dnsmessage.RCodeNameError: "nxdomain",
	dnsmessage.RCodeNotImplemented: "notimp", dnsmessage.RCodeRefused: "refused",
}

// dnsAnswer is what kmsiso wants to know of a DNS response.
type dnsAnswer struct {
	rcode     dnsmessage.RCode
	truncated bool
	srv       []run.SRVRecord
	addrs     []netip.Addr
	canonical string // what the name that was asked for is an alias of; "" for none
}

func (a *dnsAnswer) rcodeName() string {
	if n := rcodes[a.rcode]; n != "" {
		return n
	}
	return fmt.Sprintf("rcode %d", a.rcode)
}

// dnsQuestion makes a question of a name with or without its final dot.
func dnsQuestion(name string, kind dnsmessage.Type) (dnsmessage.Question, error) {
	n, err := dnsmessage.NewName(strings.TrimSuffix(name, ".") + ".")
	if err != nil {
		return dnsmessage.Question{}, fmt.Errorf("%q is not a DNS name: %w", name, err)
	}
	return dnsmessage.Question{Name: n, Type: kind, Class: dnsmessage.ClassINET}, nil
}

// dnsQuery packs a recursive query, with EDNS unless plain.
func dnsQuery(id uint16, q dnsmessage.Question, plain bool) ([]byte, error) {
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: id, RecursionDesired: true})
	err := b.StartQuestions()
	if err == nil {
		err = b.Question(q)
	}
	if err == nil && !plain {
		var h dnsmessage.ResourceHeader
		err = errors.Join(
			b.StartAdditionals(),
			h.SetEDNS0(dnsPayload, dnsmessage.RCodeSuccess, false),
			b.OPTResource(h, dnsmessage.OPTResource{}),
		)
	}
	if err != nil {
		return nil, fmt.Errorf("query for %s: %w", q.Name, err)
	}
	return b.Finish()
}

// parseDNS decodes the response to a query. It must carry the id and echo the
// question; case is not compared, for some servers do not keep it.
func parseDNS(b []byte, id uint16, q dnsmessage.Question) (dnsAnswer, error) {
	if len(b) > dnsLargest {
		return dnsAnswer{}, fmt.Errorf("a DNS message has no %d octets", len(b))
	}
	var p dnsmessage.Parser
	h, err := p.Start(b)
	if err != nil {
		return dnsAnswer{}, fmt.Errorf("not a DNS message: %w", err)
	}
	if !h.Response || h.ID != id {
		return dnsAnswer{}, fmt.Errorf("not the response to query %d: id %d, response %v", id, h.ID, h.Response)
	}
	a := dnsAnswer{rcode: h.RCode, truncated: h.Truncated}
	questions, err := p.AllQuestions()
	if err != nil {
		return dnsAnswer{}, fmt.Errorf("DNS question: %w", err)
	}
	if len(questions) == 0 && h.RCode == dnsmessage.RCodeFormatError {
		return a, nil // such a server did not understand the question
	}
	if len(questions) != 1 || questions[0].Type != q.Type || questions[0].Class != q.Class ||
		!strings.EqualFold(questions[0].Name.String(), q.Name.String()) {
		return dnsAnswer{}, fmt.Errorf("the response is not to the question for %s", q.Name)
	}
	var records []dnsmessage.Resource
	for {
		r, err := p.Answer()
		if errors.Is(err, dnsmessage.ErrSectionDone) || a.truncated && err != nil {
			break
		}
		if err != nil {
			return dnsAnswer{}, fmt.Errorf("DNS answer: %w", err)
		}
		if len(records) == dnsRecords {
			return dnsAnswer{}, fmt.Errorf("a DNS answer of more than %d records", dnsRecords)
		}
		if r.Header.Class == q.Class {
			records = append(records, r)
		}
	}
	names, err := aliases(q.Name, records)
	if err != nil {
		return dnsAnswer{}, err
	}
	if last := names[len(names)-1]; len(names) > 1 {
		a.canonical = strings.TrimSuffix(last, ".")
	}
	// What is said of other names answers nothing.
	for _, r := range records {
		if slices.Contains(names, lower(r.Header.Name)) {
			a.add(r)
		}
	}
	return a, nil
}

// aliases are the name that was asked for and those that it leads to.
func aliases(asked dnsmessage.Name, records []dnsmessage.Resource) ([]string, error) {
	leads := map[string]string{}
	for _, r := range records {
		if c, ok := r.Body.(*dnsmessage.CNAMEResource); ok {
			leads[lower(r.Header.Name)] = lower(c.CNAME)
		}
	}
	names := []string{lower(asked)}
	for next := leads[names[0]]; next != ""; next = leads[next] {
		if slices.Contains(names, next) || len(names) > dnsAliases {
			return nil, fmt.Errorf("%s leads from alias to alias without end", asked)
		}
		names = append(names, next)
	}
	return names, nil
}

// lower is a name as names are compared (RFC 4343).
func lower(n dnsmessage.Name) string { return strings.ToLower(n.String()) }

func (a *dnsAnswer) add(r dnsmessage.Resource) {
	switch body := r.Body.(type) {
	case *dnsmessage.SRVResource:
		a.srv = append(a.srv, run.SRVRecord{
			Target: strings.TrimSuffix(body.Target.String(), "."),
			Port:   body.Port, Priority: body.Priority, Weight: body.Weight, TTL: r.Header.TTL,
		})
	case *dnsmessage.AResource:
		a.addrs = append(a.addrs, netip.AddrFrom4(body.A))
	case *dnsmessage.AAAAResource:
		a.addrs = append(a.addrs, netip.AddrFrom16(body.AAAA))
	}
}
