package policyfile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema(all.ways, all.sources)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("kmsiso.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("kmsiso.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads a YAML file as an editor would, with our mending of colons.
func asJSON(t *testing.T, path string) any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body, err := parseYAML(data)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := body.Decode(&v); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestGoodFilesFitTheSchema(t *testing.T) {
	s := compiledSchema(t)
	files := []string{"testdata/good/whole/conf.d/branch.yaml", "testdata/good/include/conf.d/10-west.yaml", "testdata/good/include/conf.d/20-exempt.yaml"}
	for _, g := range good {
		files = append(files, filepath.Join("testdata/good", g))
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			if err := s.Validate(asJSON(t, f)); err != nil {
				t.Errorf("%#v", err)
			}
		})
	}
}

func TestSchemaRefusesWhatItCanSee(t *testing.T) {
	s := compiledSchema(t)
	for _, f := range []string{"unknown-key", "wrong-type", "version-2", "unknown-role", "vantage-without-role", "literal-secret", "port-0", "name-with-slash", "secret-in-address",
		"two-directories", "registry-and-backup", "sysvol-beside-backup", "credential-beside-registry", "coverage-above-100", "coverage-not-a-number", "adba-in-words", "scan-own-in-words", "directory-url", "ntlm-word", "controllers-word", "controllers-beside"} {
		t.Run(f, func(t *testing.T) {
			if s.Validate(asJSON(t, filepath.Join("testdata/bad", f+".yaml"))) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

// The published copy is what the form makes.
func TestSchemaIsPublished(t *testing.T) {
	golden(t, "../../../docs/kmsiso.schema.json", string(Schema(all.ways, all.sources)))
}
