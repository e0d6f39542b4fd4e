// Package handbook says what kmsiso checks and what each reason means: on the
// terminal, and as the pages of docs/checks. Both are made of the checks and of
// the catalogue of reasons themselves.
package handbook

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
)

// page is what is to be said of a check or of a reason.
type page struct {
	id, title string
	text      string  // sentences
	facts     []field // what stands in a line of its own
}

type field struct{ label, text string }

// checkPages are the pages of all checks, in the order of a report.
func checkPages() []page {
	var all []page
	for _, c := range checks.All {
		p := page{id: c.ID, title: c.Title}
		looks := "at what the network shows, from the vantage that the cell names"
		if c.Configured {
			looks = "at what Group Policy says, as the directory or a backup tells it"
		}
		section := c.Section
		if section == "+" {
			section = "none: it goes beyond the paper"
		}
		p.facts = []field{{"looks", looks}, {"white paper", section}, {"known by", confirmed[c.Confirmed]}}
		if len(c.After) > 0 {
			p.facts = append(p.facts, field{"explained by", "a failure of " + strings.Join(c.After, ", ")})
		}
		for _, code := range c.ClaimCodes() {
			e, _ := catalog.Of(code)
			p.facts = append(p.facts, field{"claim", string(code) + ": " + e.Text})
		}
		all = append(all, p)
	}
	return all
}

// confirmed says how the inference of a check is known.
var confirmed = map[string]string{
	"spec":  "a specification of Microsoft or an RFC",
	"lab":   "a laboratory of Samba, strongSwan and wine",
	"field": "machines in use",
}

// reasons are the pages of all reasons, by code.
func reasons() []page {
	var all []page
	for _, e := range catalog.All {
		p := page{id: string(e.Code), text: e.Means}
		if e.Text != "" {
			p.facts = append(p.facts, field{"says", e.Text})
		}
		if e.Severity != "" {
			p.facts = append(p.facts, field{"severity", string(e.Severity)})
		}
		if e.Fix != "" {
			p.facts = append(p.facts, field{"remedy", e.Fix})
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b page) int { return strings.Compare(a.id, b.id) })
	return all
}

// List writes the checks and the reasons, a line each.
func List(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Checks, in the order of a report:\n\n")
	for _, p := range checkPages() {
		fmt.Fprintf(&b, "  %-20s %s\n", p.id, p.title)
	}
	b.WriteString("\nReasons that a cell or a finding can have:\n\n")
	for _, p := range reasons() {
		fmt.Fprintf(&b, "  %s\n", p.id)
	}
	b.WriteString("\nkmsiso checks NAME shows one of them whole.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Show writes all that is known of a check or a reason. The error names those
// that are spelled nearly so.
func Show(w io.Writer, name string) error {
	for _, p := range slices.Concat(checkPages(), reasons()) {
		if p.id == name {
			_, err := io.WriteString(w, p.plain())
			return err
		}
	}
	var near []string
	for _, p := range slices.Concat(checkPages(), reasons()) {
		if strings.Contains(p.id, name) {
			near = append(near, p.id)
		}
	}
	if len(near) > 0 {
		return fmt.Errorf("there is no check and no reason %q; there is %s", name, strings.Join(near, ", "))
	}
	return fmt.Errorf("there is no check and no reason %q; kmsiso checks lists them", name)
}

// plain is a page for the terminal.
func (p page) plain() string {
	var b strings.Builder
	b.WriteString(p.id + "\n")
	for _, s := range []string{p.title, p.text} {
		if s != "" {
			b.WriteString("\n" + wrap(s) + "\n")
		}
	}
	b.WriteString("\n")
	for _, f := range p.facts {
		b.WriteString(strings.ReplaceAll(wrap(fmt.Sprintf("%-12s %s", f.label, f.text)), "\n", "\n"+strings.Repeat(" ", 13)) + "\n")
	}
	return b.String()
}

// columns of a line on the terminal.
const columns = 80

// wrap breaks a text at spaces, so that a line is not longer than the terminal.
func wrap(text string) string {
	var b strings.Builder
	at := 0
	for i, word := range strings.SplitAfter(text, " ") {
		if i > 0 && at+len(strings.TrimSpace(word)) > columns-13 {
			b.WriteString("\n")
			at = 0
		}
		b.WriteString(word)
		at += len(word)
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}
