package winrm

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// envelope is what matters of a SOAP answer. The library's own reading is not
// used: it takes a stream that is not base64, or a missing exit code, for an
// empty answer with exit code 0.
type envelope struct {
	Action    string `xml:"Header>Action"`
	ShellID   string `xml:"Body>Shell>ShellId"`
	Reference []struct {
		Name  string `xml:"Name,attr"`
		Value string `xml:",chardata"`
	} `xml:"Body>ResourceCreated>ReferenceParameters>SelectorSet>Selector"`
	CommandID string `xml:"Body>CommandResponse>CommandId"`
	Streams   []struct {
		Name string `xml:"Name,attr"`
		Data string `xml:",chardata"`
	} `xml:"Body>ReceiveResponse>Stream"`
	State struct {
		State    string `xml:"State,attr"`
		ExitCode *int   `xml:"ExitCode"`
	} `xml:"Body>ReceiveResponse>CommandState"`
	Fault *fault `xml:"Body>Fault"`
}

// fault is a SOAP fault.
type fault struct {
	Code    string `xml:"Code>Value"`
	Subcode string `xml:"Code>Subcode>Value"`
	Text    string `xml:"Reason>Text"`
	Detail  struct {
		FaultDetail string `xml:"FaultDetail"`
		WSManFault  struct {
			Code string `xml:"Code,attr"`
		} `xml:"WSManFault"`
	} `xml:"Detail"`
}

// readEnvelope reads a SOAP answer.
func readEnvelope(body []byte) (envelope, error) {
	var e envelope
	d := xml.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&e); err != nil {
		return e, reason.Wrap(err, reason.AnswerNotSOAP, "words", err)
	}
	return e, nil
}

// errNoOutputYet is the host's way to say that a command is still running.
var errNoOutputYet = errors.New("no output yet")

// err is the fault as an error, or nil.
func (e envelope) err() error {
	f := e.Fault
	if f == nil {
		return nil
	}
	h := &hostFault{subcode: f.Subcode, text: clean(f.Text)}
	// A code that is no number is none; the subcode then has to do.
	if n, err := strconv.ParseUint(f.Detail.WSManFault.Code, 10, 32); err == nil {
		h.code = uint32(n)
	}
	if h.code == codeTimedOut || strings.Contains(f.Subcode, "TimedOut") || strings.Contains(f.Detail.FaultDetail, "OperationTimeout") {
		return errNoOutputYet
	}
	return h
}

// output decodes the octets of one stream.
func (e envelope) output(name string) ([]byte, error) {
	var out []byte
	for _, s := range e.Streams {
		if s.Name != name {
			continue
		}
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s.Data), ""))
		if err != nil {
			return nil, reason.Wrap(fmt.Errorf("%w (its %s: %w)", errCut, name, err), reason.OutputCut, "why", reason.Quote(name+": "+err.Error()))
		}
		out = append(out, b...)
	}
	return out, nil
}

// done reports whether the command has ended.
func (e envelope) done() bool { return strings.HasSuffix(e.State.State, "/CommandState/Done") }

// shell is the identifier of the shell that was created. Windows 7 and earlier
// name it in the selector set only.
func (e envelope) shell() string {
	if e.ShellID != "" {
		return e.ShellID
	}
	for _, r := range e.Reference {
		if r.Name == "ShellId" {
			return strings.TrimSpace(r.Value)
		}
	}
	return ""
}

// clean makes a host's own words fit for an error: one line, printable, short.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "..."
	}
	return s
}
