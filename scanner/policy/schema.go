package policy

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of kmsiso.yaml, for editors.
// It describes the form; [Load] checks more, such as names and overlaps.
func Schema() []byte { return slices.Clone(schema) }
