package diagnose

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// impersonal is a key of reasons without the names and addresses of a cell's own
// vantage and target. A list that names other hosts besides is the same for all of
// them, and stays as it is.
func (d *diagnosis) impersonal(l reason.List, id run.CellID) string {
	var own []string
	h, _ := d.policy.Host(id.Target)
	for _, a := range h.Addresses {
		own = append(own, a.String(), "*")
	}
	own = append(own, id.Vantage, "*", id.Target, "*")
	return d.without(l, id, strings.NewReplacer(own...)).Key()
}

func (d *diagnosis) without(l reason.List, id run.CellID, own *strings.Replacer) reason.List {
	out := make(reason.List, len(l))
	for i, r := range l {
		out[i] = reason.Reason{Code: r.Code, Args: slices.Clone(r.Args)}
		for k := range out[i].Args {
			arg := &out[i].Args[k]
			switch v := arg.Value.(type) {
			case string:
				arg.Value = own.Replace(v)
			case []string:
				if d.ofOthers(v, id) {
					continue
				}
				words := make([]string, len(v))
				for n, word := range v {
					words[n] = own.Replace(word)
				}
				arg.Value = words
			case reason.List:
				arg.Value = d.without(v, id, own)
			}
		}
	}
	return out
}

// ofOthers reports whether some of the words is an address of another host than the
// cell's.
func (d *diagnosis) ofOthers(words []string, id run.CellID) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		host := d.hosts[word]
		return host != "" && host != id.Target
	})
}
