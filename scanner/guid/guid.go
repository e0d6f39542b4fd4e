// Package guid reads GUIDs as Group Policy writes them: between braces.
package guid

import (
	"strings"

	"github.com/google/uuid"
)

// Canonical is "{GUID}" in upper case, the one form that is compared, and whether the
// text is one. Braces are asked for: a GUID without them is something else in a
// gPLink, in a backup and in kmsiso.yaml.
func Canonical(text string) (string, bool) {
	const length = 38
	if len(text) != length || text[0] != '{' || text[length-1] != '}' || uuid.Validate(text) != nil {
		return "", false
	}
	return strings.ToUpper(text), true
}
