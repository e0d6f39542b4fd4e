package backup

import (
	"encoding/hex"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// scheme is what is read of a Backup.xml.
type scheme struct {
	id, domain, name string
	flags            *uint32
	// Versions as they stand: half | half<<16. What the two halves are is not
	// documented; in real backups they are equal.
	user, machine *uint32
	extensions    string
	security      []byte // self-relative descriptor
	filter        string
	filterName    string
	// settings says that Machine\registry.pol was there to be backed up.
	settings bool
	groups   []group
}

// group is one that the descriptor names.
type group struct{ sid, domain, netbios string }

// readScheme reads Backup.xml.
func readScheme(d *document) (scheme, error) {
	var out scheme
	err := d.root("GroupPolicyBackupScheme", func() error {
		return d.children(func(e xml.StartElement) error {
			if e.Name.Local != "GroupPolicyObject" {
				return d.skip()
			}
			return d.children(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "SecurityGroups":
					return d.children(func(xml.StartElement) error { return d.group(&out) })
				case "GroupPolicyCoreSettings":
					return d.children(func(e xml.StartElement) error { return d.core(e.Name.Local, &out) })
				case "GroupPolicyExtension":
					return d.extension(&out)
				}
				return d.skip()
			})
		})
	})
	return out, err
}

func (d *document) group(out *scheme) error {
	var g group
	err := d.children(func(e xml.StartElement) error {
		text, err := d.text()
		switch e.Name.Local {
		case "Sid":
			g.sid = text
		case "DnsDomainName":
			g.domain = text
		case "NetBIOSDomainName":
			g.netbios = text
		}
		return err
	})
	out.groups = append(out.groups, g)
	return err
}

// core reads one of the GroupPolicyCoreSettings.
func (d *document) core(name string, out *scheme) error {
	text, err := d.text()
	if err != nil {
		return err
	}
	number := func(to **uint32) error {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return reason.Fail(reason.NotANumber, "field", name, "value", clip(text), "bits", 32)
		}
		word := uint32(n)
		*to = &word
		return nil
	}
	switch name {
	case "ID":
		out.id, err = guidOf(text)
	case "Domain":
		out.domain, err = domainName(text)
	case "DisplayName":
		out.name = text
	case "Options":
		err = number(&out.flags)
	case "UserVersionNumber":
		err = number(&out.user)
	case "MachineVersionNumber":
		err = number(&out.machine)
	case "MachineExtensionGuids":
		out.extensions = text
	case "WMIFilter":
		out.filter = text
	case "WMIFilterName":
		out.filterName = text
	case "SecurityDescriptor":
		if out.security, err = hex.DecodeString(strings.Join(strings.Fields(text), "")); err != nil {
			err = reason.Fail(reason.NotHex, "field", name, "words", err)
		}
	}
	return err
}

func (d *document) extension(out *scheme) error {
	return d.children(func(e xml.StartElement) error {
		if e.Name.Local == "FSObjectFile" {
			at, location := "", ""
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "Path":
					at = a.Value
				case "Location":
					location = a.Value
				}
			}
			if strings.EqualFold(at, `%GPO_MACH_FSPATH%\registry.pol`) && location != "" {
				out.settings = true
			}
		}
		return d.skip()
	})
}

// filterPath is the WMI path by which a backup refers to a filter.
var filterPath = regexp.MustCompile(`(?i)^MSFT_SomFilter\.ID="(\{[0-9a-f-]{36}\})",Domain="([^";\]]+)"$`)

// filterOf writes the reference to a filter as gPCWQLFilter has it ([MS-GPOL]
// 2.2.4), "" where there is none.
func filterOf(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	m := filterPath.FindStringSubmatch(path)
	if m == nil {
		return "", reason.Fail(reason.FilterMalformed, "filter", clip(path))
	}
	id, err := guidOf(m[1])
	if err != nil {
		return "", err
	}
	return "[" + strings.ToLower(m[2]) + ";" + id + ";0]", nil
}

// half is the version of one half of a GPO, where both halves of the number
// say the same, or the upper one nothing.
func half(n *uint32) (uint32, bool) {
	if n == nil {
		return 0, false
	}
	upper, lower := *n>>16, *n&0xffff
	return lower, upper == lower || upper == 0
}
