package catalog

import (
	"cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var general = []Entry{
	{
		Code:  reason.Quoted,
		Say:   quotation,
		FixBy: func(r reason.Reason) string { return r.Word("fix") },
		Means: "The words of a system, of a library, or of a run that an older kmsiso recorded. kmsiso shows them and concludes nothing from them.",
	},
}

// quotation is what somebody said, after where it was said of.
func quotation(r reason.Reason) string {
	at := entry.Fill("{at}", r)
	if at == "" {
		return cmp.Or(r.Word("words"), "an error without words")
	}
	return at + " " + r.Word("words")
}
