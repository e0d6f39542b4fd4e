package run

import (
	"bytes"
	"encoding/json"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// older is a run document with the fields that versions before codes wrote.
type older struct {
	*Run
	// NotTested is what [Run].Untested was, in sentences.
	NotTested []reason.Reason `json:"notTested"`
}

// decode reads a document of this version or an older one. What an older one says
// in sentences is a quotation.
func decode(b []byte) (*Run, error) {
	o := older{Run: new(Run)}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return nil, err
	}
	o.Untested = append(o.Untested, o.NotTested...)
	return o.Run, nil
}
