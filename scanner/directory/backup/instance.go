package backup

import (
	"encoding/xml"
	"strings"
	"time"
	"unicode"

	"github.com/kmsiso/kmsiso/scanner/guid"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// instance is a BackupInst element: bkupInfo.xml is one, manifest.xml lists
// them.
type instance struct {
	gpo, domain, id, name string
	at                    time.Time // zero where it is not given
}

// readInstance reads bkupInfo.xml.
func readInstance(d *document) (instance, error) {
	var out instance
	err := d.root("BackupInst", func() (err error) {
		out, err = d.instance()
		return err
	})
	return out, err
}

// readManifest reads manifest.xml.
func readManifest(d *document) ([]instance, error) {
	var all []instance
	err := d.root("Backups", func() error {
		return d.children(func(e xml.StartElement) error {
			if e.Name.Local != "BackupInst" {
				return d.skip()
			}
			one, err := d.instance()
			all = append(all, one)
			return err
		})
	})
	return all, err
}

// instance reads the BackupInst that was just begun.
func (d *document) instance() (instance, error) {
	var out instance
	err := d.children(func(e xml.StartElement) error {
		text, err := d.text()
		if err != nil {
			return err
		}
		switch e.Name.Local {
		case "GPOGuid":
			out.gpo, err = guidOf(text)
		case "ID":
			out.id, err = guidOf(text)
		case "GPODomain":
			out.domain, err = domainName(text)
		case "GPODisplayName":
			out.name = text
		case "BackupTime":
			out.at, err = moment(e.Name.Local, text)
		}
		return err
	})
	return out, err
}

// moment reads a time as these files have it, in UTC: with the same second a
// report says Z and bkupInfo.xml does not.
func moment(name, text string) (time.Time, error) {
	at, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(text, "Z"))
	if err != nil {
		return at, reason.Fail(reason.NotATime, "field", name, "value", clip(text))
	}
	return at.Truncate(time.Second), nil
}

// moment reads the element that was just begun.
func (d *document) moment(e xml.StartElement) (time.Time, error) {
	text, err := d.text()
	if err != nil {
		return time.Time{}, err
	}
	return moment(e.Name.Local, text)
}

// guidOf checks a "{GUID}" and returns it in upper case.
func guidOf(text string) (string, error) {
	id, ok := guid.Canonical(text)
	if !ok {
		return "", reason.Fail(reason.NotAGUID, "value", clip(text))
	}
	return id, nil
}

// domainName checks the DNS name of a domain and returns it in lower case.
func domainName(text string) (string, error) {
	if !isDomainName(text) {
		return "", reason.Fail(reason.NotADomain, "value", clip(text))
	}
	return strings.ToLower(text), nil
}

// isDomainName takes letters of any script: the names of domains need not be
// those of hosts.
func isDomainName(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		n := 0
		for _, r := range label {
			if n++; r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				return false
			}
		}
		if n == 0 || n > 63 {
			return false
		}
	}
	return len(text) <= 253
}
