package intent

import (
	"encoding/json"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Directory is where configured policy is read. Where it is declared exactly one of
// URLs and FileSource is set.
type Directory struct {
	URLs       []string // of domain controllers, ldaps or ldap
	Credential string   // a password, keytab or ccache
	CA         string
	// SYSVOL is a folder that holds the domain's SYSVOL, or its UNC path, read
	// by the operating system; "" is to read it over SMB.
	SYSVOL string
	// AllControllers has every domain controller asked for its copies of the GPOs that
	// the directory names, not those of URLs alone.
	AllControllers bool
	// FileSource is a source in files of this machine, in place of the controllers.
	FileSource FileSource
}

// FileSource is a source of configuration in files of this machine, see
// [filesource.Kind]. The zero value is none.
type FileSource struct {
	Kind string // its name, see [filesource.Kind]
	Path string
	// NeverTells is why a check cannot be answered by it; "" where it tells everything.
	NeverTells reason.Code
	// Said names it in a sentence: "the backup gpos". A run document has none.
	Said string
}

// FileSourceAt is a source of a kind at a path.
func FileSourceAt(kind filesource.Kind, path string) FileSource {
	return FileSource{Kind: kind.Name, Path: path, NeverTells: kind.NeverTells, Said: "the " + kind.What + " " + path + kind.Limits}
}

// directoryText is a directory in a run document. A source in files stands beside
// it, under the name of its kind.
type directoryText struct {
	URLs       []string    `json:"urls,omitempty"`
	Credential string      `json:"credential,omitempty"`
	CA         string      `json:"ca,omitempty"`
	SYSVOL     string      `json:"sysvol,omitempty"`
	All        bool        `json:"allControllers,omitempty"`
	NeverTells reason.Code `json:"neverTells,omitempty"`
}

// MarshalJSON writes what is declared.
func (d Directory) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(directoryText{d.URLs, d.Credential, d.CA, d.SYSVOL, d.AllControllers, d.FileSource.NeverTells})
	if err != nil || d.FileSource.Kind == "" {
		return text, err
	}
	source, err := json.Marshal(map[string]string{d.FileSource.Kind: d.FileSource.Path})
	if len(text) == len("{}") {
		return source, err
	}
	return append(append(source[:len(source)-1], ','), text[1:]...), err
}

// UnmarshalJSON reads what MarshalJSON writes. Documents of earlier versions do not say
// what a source never tells; they know a backup and a registry export.
func (d *Directory) UnmarshalJSON(text []byte) error {
	var live directoryText
	if err := json.Unmarshal(text, &live); err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*d = Directory{URLs: live.URLs, Credential: live.Credential, CA: live.CA, SYSVOL: live.SYSVOL, AllControllers: live.All}
	for _, key := range []string{"urls", "credential", "ca", "sysvol", "allControllers", "neverTells"} {
		delete(all, key)
	}
	for kind, raw := range all {
		d.FileSource = FileSource{Kind: kind, NeverTells: live.NeverTells}
		if err := json.Unmarshal(raw, &d.FileSource.Path); err != nil {
			return fmt.Errorf("a directory: %s: %w", kind, err)
		}
	}
	before := map[string]reason.Code{"backup": reason.BackupNeverTells, "registry": reason.ExportNeverTells}
	if d.FileSource.NeverTells == "" {
		d.FileSource.NeverTells = before[d.FileSource.Kind]
	}
	return nil
}
