package entry

import (
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Titled is a sentence in which {title} names the isolation GPO as it is declared.
func Titled(text string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		title := "an isolation GPO"
		if name := r.Word("gpo"); name != "" {
			title = "GPO " + strconv.Quote(name)
		} else if id := r.Word("gpo-id"); id != "" {
			title = "GPO " + id
		}
		return Fill(text, r.With("title", title))
	}
}
