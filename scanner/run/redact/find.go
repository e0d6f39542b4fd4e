package redact

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// visit gives the preshared keys of a value that mayHoldKey to do, and puts what that
// returns in its place. Such a key is the SHKey of an authentication suite
// ([MS-GPFAS] 2.2.4.9), in Registry.pol also as **soft.SHKey ([MS-GPREG]
// 3.2.5.1); other tools write the name in full. A rule holds no key, but one of
// its tokens may have such a name.
func visit(v *registry.Value, do func(string) string) {
	if isKey(v.Name) {
		v.Data = do(plainKey(v))
		return
	}
	v.Data = keyToken.ReplaceAllStringFunc(v.Data, func(s string) string {
		name, data, _ := strings.Cut(s, "=")
		return name + "=" + do(data)
	})
}

// mayHoldKey says that a value is a preshared key, or may be a rule with one.
func mayHoldKey(v *registry.Value) bool {
	return !v.OnlyKey() && (isKey(v.Name) || mayNameKey(v.Data) && strings.Contains(v.Data, "|"))
}

// keyToken is a token of a rule that has the name of a key.
var keyToken = regexp.MustCompile(`[^|=]*(?i:shkey|sharedkey|preshared)[^|=]*=[^|]*`)

// mayNameKey says that the name of a key may stand in a text: a directory has a
// great many rules, and keyToken alone takes longer than all the rest of reading
// them. Each such name holds shk or shared; an h that is searched for by itself is
// found faster than either.
func mayNameKey(text string) bool {
	for _, h := range []byte("hH") {
		for i := 0; ; i++ {
			next := strings.IndexByte(text[i:], h)
			if next < 0 {
				break
			}
			if i += next; namesKey(text[:i], text[i+1:]) {
				return true
			}
		}
	}
	return false
}

// namesKey says that h is a part of shk or shared, by what stands before and
// behind it. Folded as keyToken does, a long s is an s and the kelvin sign a k.
func namesKey(before, behind string) bool {
	if !strings.HasSuffix(before, "s") && !strings.HasSuffix(before, "S") && !strings.HasSuffix(before, "\u017f") {
		return false
	}
	if strings.HasPrefix(behind, "k") || strings.HasPrefix(behind, "K") || strings.HasPrefix(behind, "\u212a") {
		return true
	}
	const rest = "ared"
	return len(behind) >= len(rest) && strings.EqualFold(behind[:len(rest)], rest)
}

// isKey says that a value of this name is a preshared key. PresharedKeyEncoding
// is a number that says how they are written ([MS-GPFAS] 2.2.1.6).
func isKey(name string) bool {
	if !mayNameKey(name) {
		return false
	}
	low := strings.ToLower(name)
	if !strings.Contains(low, "shkey") && !strings.Contains(low, "sharedkey") && !strings.Contains(low, "preshared") {
		return false
	}
	return !strings.HasSuffix(low, "presharedkeyencoding")
}

// plainKey is the text of a key, also of one that is kept as octets: so that equal
// keys are equal, whatever their type.
func plainKey(v *registry.Value) string {
	b, ok := v.Octets()
	switch {
	case !ok || len(b) == 0:
		return v.Data
	case len(b)%2 == 0 && (bytes.IndexByte(b, 0) >= 0):
		return registry.Text(b)
	}
	return string(bytes.TrimRight(b, "\x00"))
}
