//go:build lab

package pol

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// sambaRecord is a record as Samba's reader gives it.
type sambaRecord struct {
	Key, Name string
	Type      uint32
	Data      struct{ Text, Number, Octets *string }
}

// sambaFile is a file that Samba has packed or read.
type sambaFile struct {
	File    []byte
	Records []sambaRecord
	Error   string
}

// samba asks python3-samba. The files that it is to read, if any, go in and
// come back in their order.
func samba(t *testing.T, files [][]byte, args ...string) []sambaFile {
	t.Helper()
	var in, said bytes.Buffer
	for _, f := range files {
		in.WriteString(base64.StdEncoding.EncodeToString(f) + "\n")
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", append([]string{"-I", filepath.Join("testdata", "samba.py")}, args...)...)
	cmd.Stdin, cmd.Stderr = &in, &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3-samba: %v: %s", err, said.String())
	}
	var all []sambaFile
	for line := range bytes.Lines(out) {
		var f sambaFile
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	if files != nil && len(all) != len(files) {
		t.Fatalf("%d answers for %d files", len(all), len(files))
	}
	return all
}

// differs says in what our records are not Samba's, "" for nothing.
func differs(ours []Record, theirs []sambaRecord) string {
	if len(ours) != len(theirs) {
		return fmt.Sprintf("%d records, Samba has %d", len(ours), len(theirs))
	}
	for i, o := range ours {
		s := theirs[i]
		if registry.UTF16(o.Key) != s.Key || registry.UTF16(o.Name) != s.Name || o.Type != s.Type {
			return fmt.Sprintf("record %d: %q %q %d, Samba has %q %q %d", i, registry.UTF16(o.Key), registry.UTF16(o.Name), o.Type, s.Key, s.Name, s.Type)
		}
		printed := registry.NewValue("", "", o.Type, firstOf(o)).Data
		var same bool
		switch {
		case s.Data.Text != nil:
			same = printed == *s.Data.Text
		case s.Data.Octets != nil:
			same = hex.EncodeToString(o.Data) == *s.Data.Octets
		case s.Data.Number != nil:
			n, err := strconv.ParseUint(printed, 0, 64)
			same = err == nil && strconv.FormatUint(n, 10) == *s.Data.Number
		default: // it has no data, or is of the type without data
			same = len(o.Data) == 0 || o.Type == 0
		}
		if !same {
			return fmt.Sprintf("record %d of type %d: data %x, Samba has %+v", i, o.Type, o.Data, s)
		}
	}
	return ""
}

// sizes are those of the numbers.
var sizes = map[uint32]int{4: 4, 5: 4, 11: 8}

// firstOf is what Samba takes for the data: the first octets of a number that
// is too long.
func firstOf(r Record) []byte {
	if n := sizes[r.Type]; n > 0 && n < len(r.Data) {
		return r.Data[:n]
	}
	return r.Data
}

// notForSamba says that Samba cannot hold one of the values, though the records
// are whole: a text with half of a surrogate pair, one without even a NUL, or a
// number that is too short. To Windows they are octets like any other.
func notForSamba(ours []Record, refusal string) bool {
	return slices.ContainsFunc(ours, func(r Record) bool {
		isText := r.Type == 1 || r.Type == 2
		switch {
		case strings.Contains(refusal, "Character Conversion Error"):
			return half(r.Key) || half(r.Name) || isText && half(r.Data)
		case strings.Contains(refusal, "Buffer Size Error"):
			return isText && len(r.Data) < 2 || len(r.Data) < sizes[r.Type]
		}
		return false
	})
}

// half says that a text has half of a surrogate pair, or of a character.
func half(text []byte) bool {
	return len(text)%2 == 1 || strings.ContainsRune(registry.UTF16(text), '\uFFFD')
}

func TestSambaPacksAndWeRead(t *testing.T) {
	const files = 400
	made := samba(t, nil, "make", "1", strconv.Itoa(files))
	var packed [][]byte
	for _, f := range made {
		packed = append(packed, f.File)
	}
	read := samba(t, packed, "read")
	records := 0
	for i, f := range made {
		ours, err := decode(f.File)
		if err != nil {
			t.Fatalf("file %d: %v", i, err)
		}
		if read[i].Error != "" {
			t.Fatalf("file %d: Samba does not read what it packed: %s", i, read[i].Error)
		}
		for _, theirs := range [][]sambaRecord{f.Records, read[i].Records} {
			if d := differs(ours, theirs); d != "" {
				t.Fatalf("file %d: %s", i, d)
			}
		}
		if !bytes.Equal(encode(ours...), f.File) {
			t.Fatalf("file %d is another one when it is encoded again", i)
		}
		records += len(ours)
	}
	if len(made) != files || records < 10*files/2 {
		t.Fatalf("%d records in %d files", records, len(made))
	}
	t.Logf("%d records in %d files", records, len(made))
}

// damage changes a file in one of the ways in which files get broken.
func damage(r *rand.Rand, file []byte) []byte {
	b := slices.Clone(file)
	at := r.IntN(len(b) + 1)
	switch r.IntN(6) {
	case 0:
		return b[:at]
	case 1: // an octet is lost, or a character
		return slices.Delete(b, min(at, len(b)-1), min(at+1+r.IntN(2), len(b)))
	case 2:
		return slices.Insert(b, at, make([]byte, 1+r.IntN(4))...)
	case 3: // a size is wrong
		if i := bytes.Index(b[min(at, len(b)-1):], []byte(";\x00")); i >= 0 && min(at, len(b)-1)+i+6 <= len(b) {
			binary.LittleEndian.PutUint32(b[min(at, len(b)-1)+i+2:], r.Uint32N(1<<r.IntN(31)))
		}
		return b
	case 4:
		return append(b, "[\x00x"[:1+r.IntN(3)]...)
	default:
		b[min(at, len(b)-1)] ^= 1 << r.IntN(8)
		return b
	}
}

// Whatever we accept, Samba accepts and reads the same, but for values that it
// cannot hold. We refuse more: Samba looks at neither signature nor version nor
// delimiters, and takes what it can of what follows the last record.
func TestSambaJudgesDamagedFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var damaged [][]byte
	for _, f := range samba(t, nil, "make", "2", "200") {
		for range 20 {
			damaged = append(damaged, damage(r, f.File))
		}
	}
	var bothRefuse, weRefuse, bothRead, weRead int
	for i, theirs := range samba(t, damaged, "read") {
		ours, err := decode(damaged[i])
		switch {
		case err != nil && theirs.Error != "":
			bothRefuse++
		case err != nil:
			weRefuse++
			if reason.Of(err).Names(reason.PolCutIn, reason.PolCutAfter, reason.PolSize, reason.PolHeader) {
				t.Errorf("%v, and Samba reads %d records: %x", err, len(theirs.Records), damaged[i])
			}
		case theirs.Error != "" && notForSamba(ours, theirs.Error):
			weRead++
		case theirs.Error != "":
			t.Errorf("we read %d records, Samba says %s: %x", len(ours), theirs.Error, damaged[i])
		default:
			bothRead++
			if d := differs(ours, theirs.Records); d != "" {
				t.Errorf("%s: %x", d, damaged[i])
			}
		}
	}
	t.Logf("of %d files both refuse %d and both read %d, we alone refuse %d, and %d have values that Samba cannot hold", len(damaged), bothRefuse, bothRead, weRefuse, weRead)
	if bothRefuse < len(damaged)/4 || bothRead < len(damaged)/20 {
		t.Error("the damage is not of both kinds")
	}
}

// TestSambaOnEveryFileOfTheTree reads each Registry.pol that is in the tree.
func TestSambaOnEveryFileOfTheTree(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	var names []string
	var files [][]byte
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "bin" || d.Name() == "dist") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".pol") {
			return nil
		}
		b, err := os.ReadFile(path)
		names, files = append(names, path), append(files, b)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for i, theirs := range samba(t, files, "read") {
		ours, err := decode(files[i])
		var broken *Error
		switch {
		case errors.As(err, &broken) && theirs.Error != "": // a sample of a broken file
		case err != nil || theirs.Error != "":
			t.Errorf("%s: %v, Samba says %q", names[i], err, theirs.Error)
		default:
			if d := differs(ours, theirs.Records); d != "" {
				t.Errorf("%s: %s", names[i], d)
			}
			t.Logf("%s: %d records", names[i], len(ours))
		}
	}
}
