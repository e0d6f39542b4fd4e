package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// WriteProspect says whether a GO can be reached, and what to add where it cannot.
func WriteProspect(w io.Writer, p *run.Prospect) error {
	var b strings.Builder
	switch p.Best {
	case run.Go:
		b.WriteString("can reach GO: yes\n")
	case run.GoBut:
		b.WriteString("can reach GO: no, \"GO, but\" at best, because\n")
	default:
		b.WriteString("can reach GO: no, because\n")
	}
	for _, why := range p.Why {
		fmt.Fprintf(&b, "  - %s\n", catalog.Text(reason.List{why}))
		if fix := catalog.Fix(reason.List{why}); fix != "" {
			fmt.Fprintf(&b, "    %s\n", fix)
		}
	}
	if len(p.Needs) > 0 {
		fmt.Fprintf(&b, "it depends on: %s\n", catalog.Text(p.Needs))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
