package gpo

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// ParseINI reads the version of a gpt.ini ([MS-GPOL] 2.2.4): the user's in the
// upper 16 bits, the computer's in the lower ones. The file is ANSI; one with a
// mark of UTF-8 or UTF-16 is read too. Without section [General] Windows ends
// the processing of Group Policy.
func ParseINI(file []byte) (version uint32, err error) {
	text, err := iniText(file)
	if err != nil {
		return 0, err
	}
	var (
		section string
		general bool
		value   string
		line    int // of the value
		n       int
	)
	for s := range strings.Lines(text) {
		n++
		s = strings.TrimSpace(s)
		switch {
		case s == "" || s[0] == ';':
		case s[0] == '[':
			name, _, _ := strings.Cut(s[1:], "]")
			section = strings.ToLower(strings.TrimSpace(name))
			general = general || section == "general"
		case section == "general":
			name, v, ok := strings.Cut(s, "=")
			if !ok || !strings.EqualFold(strings.TrimSpace(name), "version") {
				continue
			}
			v = strings.TrimSpace(v)
			if line != 0 && v != value {
				return 0, reason.Fail(reason.INIVersions, "line", n, "found", clip(v), "other", clip(value), "other-line", line)
			}
			value, line = v, n
		}
	}
	switch {
	case !general:
		return 0, reason.Fail(reason.INIWithoutGeneral)
	case line == 0:
		return 0, reason.Fail(reason.INIWithoutVersion)
	}
	if version, err = ParseVersion(value); err != nil {
		return 0, reason.Wrap(err, reason.INIVersion, "line", line, "why", reason.Of(err))
	}
	return version, nil
}

// ParseVersion reads a versionNumber, or that of a gpt.ini: 32 bits in decimal.
// The directory prints them with a sign.
func ParseVersion(s string) (uint32, error) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 32); err == nil {
		return uint32(n), nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, reason.Fail(reason.NotANumber, "field", "Version", "value", clip(s), "bits", 32)
	}
	return uint32(n), nil
}

// iniText returns the text of a file in one of the encodings that it may have.
// What is beyond ASCII does not matter.
func iniText(file []byte) (string, error) {
	const limit = 1 << 20
	if len(file) > limit {
		return "", reason.Fail(reason.FileTooLarge, "size", len(file), "most", limit)
	}
	var order binary.ByteOrder
	switch {
	case len(file) == 0:
		return "", reason.Fail(reason.FileEmpty)
	case bytes.HasPrefix(file, []byte("version https://git-lfs")):
		return "", reason.Fail(reason.FilePointer)
	case bytes.HasPrefix(file, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(file, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return lineBreaks.Replace(string(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")))), nil
	}
	units := make([]uint16, len(file)/2-1)
	for i := range units {
		units[i] = order.Uint16(file[2+2*i:])
	}
	return lineBreaks.Replace(string(utf16.Decode(units))), nil
}

// lineBreaks are CR, LF or both.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")
