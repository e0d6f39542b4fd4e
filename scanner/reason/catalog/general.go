package catalog

import "github.com/kmsiso/kmsiso/scanner/reason"

var general = []Entry{
	{
		Code:  reason.Quoted,
		Text:  "{words}",
		Means: "The words of a system, of a library, or of a run that an older kmsiso recorded. kmsiso shows them and concludes nothing from them.",
	},
}
