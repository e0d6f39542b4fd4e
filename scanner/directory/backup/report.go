package backup

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// report is what is read of a gpreport.xml, the XML form of Get-GPOReport.
type report struct {
	id, domain, name string
	at               time.Time // of the report, which is made with the backup
	filterName       string
	sddl             string
	computer, user   side
	links            []string
	firewall         firewall
	// errors are what the report says in place of an extension's settings.
	errors reason.List
}

// side is one half of a GPO. Versions and enabled are nil where they are not
// given.
type side struct {
	directory, sysvol *uint32
	enabled           *bool
}

// readReport reads gpreport.xml.
func readReport(d *document) (report, error) {
	var out report
	err := d.root("GPO", func() error {
		return d.children(func(e xml.StartElement) (err error) {
			switch e.Name.Local {
			case "Name":
				out.name, err = d.text()
			case "ReadTime":
				out.at, err = d.moment(e)
			case "FilterName":
				out.filterName, err = d.text()
			case "Identifier":
				err = d.identifier(&out)
			case "SecurityDescriptor":
				err = d.children(func(e xml.StartElement) (err error) {
					if e.Name.Local != "SDDL" {
						return d.skip()
					}
					out.sddl, err = d.text()
					return err
				})
			case "Computer":
				out.computer, err = d.side(&out)
			case "User":
				out.user, err = d.side(nil)
			case "LinksTo":
				err = d.link(&out)
			default:
				err = d.skip()
			}
			return err
		})
	})
	return out, err
}

func (d *document) identifier(out *report) error {
	return d.children(func(e xml.StartElement) error {
		text, err := d.text()
		switch {
		case err != nil:
		case e.Name.Local == "Identifier":
			out.id, err = guidOf(text)
		case e.Name.Local == "Domain":
			out.domain, err = domainName(text)
		}
		return err
	})
}

// side reads a half; into takes the settings of the computer's.
func (d *document) side(into *report) (side, error) {
	var out side
	err := d.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "VersionDirectory":
			out.directory, err = d.version(e)
		case "VersionSysvol":
			out.sysvol, err = d.version(e)
		case "Enabled":
			var on bool
			on, err = d.truth(e)
			out.enabled = &on
		case "ExtensionData":
			if into != nil {
				return d.extensionData(into)
			}
			err = d.skip()
		default:
			err = d.skip()
		}
		return err
	})
	return out, err
}

// version reads a half's version, which has 16 bits.
func (d *document) version(e xml.StartElement) (*uint32, error) {
	text, err := d.text()
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, reason.Fail(reason.NotANumber, "field", e.Name.Local, "value", clip(text), "bits", 16)
	}
	word := uint32(n)
	return &word, nil
}

func (d *document) truth(e xml.StartElement) (bool, error) {
	text, err := d.text()
	if err == nil && text != "true" && text != "false" {
		err = reason.Fail(reason.NotABoolean, "field", e.Name.Local, "value", clip(text))
	}
	return text == "true", err
}

// extensionData reads the settings of one extension, of which the firewall's
// are known by their namespace: prefixes and names differ from report to report.
func (d *document) extensionData(out *report) error {
	name, failed := "", ""
	err := d.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Extension":
			return d.children(func(e xml.StartElement) error {
				if e.Name.Space != firewallSpace {
					return d.skip()
				}
				return d.firewallElement(e, &out.firewall)
			})
		case "Name":
			name, err = d.text()
		case "Error":
			failed, err = d.text()
			if failed == "" {
				failed = "an error without words"
			}
		default:
			err = d.skip()
		}
		return err
	})
	if failed != "" {
		out.errors = append(out.errors, reason.New(reason.ExtensionFailed, "extension", name, "words", fmt.Sprintf("%.200s", failed)))
	}
	return err
}

// link reads where the GPO was linked.
func (d *document) link(out *report) error {
	var path string
	enabled, enforced := true, false
	err := d.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "SOMPath":
			path, err = d.text()
		case "Enabled":
			enabled, err = d.truth(e)
		case "NoOverride":
			enforced, err = d.truth(e)
		default:
			err = d.skip()
		}
		return err
	})
	if !enabled {
		path += ", disabled"
	}
	if enforced {
		path += ", enforced"
	}
	out.links = append(out.links, path)
	return err
}

// flags are those of [run.GPO] by what the report says of the halves.
func (r report) flags() (uint32, bool) {
	if r.user.enabled == nil || r.computer.enabled == nil {
		return 0, false
	}
	var out uint32
	if !*r.user.enabled {
		out |= 1
	}
	if !*r.computer.enabled {
		out |= 2
	}
	return out, true
}

// versions are that of the container and that of gpt.ini; nil where the report
// does not give both halves.
func (r report) versions() (directory, sysvol *uint32) {
	join := func(user, machine *uint32) *uint32 {
		if user == nil || machine == nil {
			return nil
		}
		n := *user<<16 | *machine
		return &n
	}
	return join(r.user.directory, r.computer.directory), join(r.user.sysvol, r.computer.sysvol)
}
