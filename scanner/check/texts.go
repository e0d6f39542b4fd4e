package check

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
)

// textsOf are what reasons say, one by one.
func textsOf(l reason.List) []string {
	var all []string
	for _, r := range l {
		all = append(all, catalog.Text(reason.List{r}))
	}
	return all
}
