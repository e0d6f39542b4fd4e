//go:build unix

package explain

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// manyRules is the isolation among n rules, half of connection security and
// half of the firewall.
func manyRules(n int) []registry.Value {
	values := paper()
	for i := range n/2 - 1 {
		net := fmt.Sprintf("10.%d.%d.0/24", 16+i/250%200, i%250)
		values = append(values,
			rule(fmt.Sprintf("{%08X-0000-0000-0000-000000000000}", i), strings.NewReplacer("EP2_4=198.18.10.30|EP2_4=198.18.10.31|EP2_6=2001:db8:10::30|",
				"EP1_4="+net+"|EP2_4="+net+"|", "KMS Isolation", fmt.Sprintf("Rule %d", i)).Replace(isolationRule)),
			firewallRule(fmt.Sprintf("{%08X-0000-0000-0000-000000000001}", i), fmt.Sprintf(
				`v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=%d|RA4=%s|App=C:\Program Files\Contoso\agent%d.exe|Name=Agent %d|EmbedCtxt=Contoso|`, 1600+i%200, net, i, i)))
	}
	return values
}

// written is a backup of one GPO with these values.
func written(b *testing.B, values []registry.Value) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "{0A11B200-0001-4000-8000-000000000001}")
	machine := filepath.Join(dir, "DomainSysvol", "GPO", "Machine")
	if err := os.MkdirAll(machine, 0o750); err != nil {
		b.Fatal(err)
	}
	from := filepath.Join("..", "directory", "backup", "testdata", "isolation", filepath.Base(dir))
	for _, name := range []string{"bkupInfo.xml", "Backup.xml", "gpreport.xml"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(machine, "registry.pol"), preg(values), 0o600); err != nil {
		b.Fatal(err)
	}
	return dir
}

// preg writes a Registry.pol ([MS-GPREG] 2.2.1).
func preg(values []registry.Value) []byte {
	var out bytes.Buffer
	word := func(n uint32) { _ = binary.Write(&out, binary.LittleEndian, n) }
	text := func(s string) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	out.WriteString("PReg")
	word(1)
	for _, v := range values {
		kind, data := uint32(1), text(v.Data+"\x00")
		if v.Type == "REG_DWORD" {
			var n uint32
			_, _ = fmt.Sscanf(v.Data, "0x%x", &n)
			kind, data = 4, binary.LittleEndian.AppendUint32(nil, n)
		}
		out.Write(text("[" + v.Key + "\x00;" + v.Name + "\x00;"))
		word(kind)
		out.Write(text(";"))
		word(uint32(len(data)))
		out.Write(text(";"))
		out.Write(data)
		out.Write(text("]"))
	}
	return out.Bytes()
}

// fromFolder answers one question as the command does, from the files on.
func fromFolder(b *testing.B, folder string) *Explainer {
	b.Helper()
	p := deployment()
	p = p.WithFileSource(intent.FileSourceAt(backup.Entry.Kind, folder))
	f, err := backup.Folder(folder).Read(b.Context(), directory.Ask{Forest: p.Forests[0].Name})
	if err != nil {
		b.Fatal(err)
	}
	x, err := New(p, []run.Observation{{Need: run.Need{Spec: run.Spec{Probe: run.ProbeDirectory, Param: p.Forests[0].Name}}, Forest: f}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	return x
}

// measured reports the CPU that an iteration takes, which a busy machine does
// not lengthen as it does the time.
func measured(b *testing.B, do func()) {
	b.Helper()
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		do()
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkExplain reads a backup with 10,000 rules and answers one question.
// The goal is 50 ms of CPU.
func BenchmarkExplain(b *testing.B) {
	folder := written(b, manyRules(10_000))
	measured(b, func() {
		got, err := fromFolder(b, folder).Explain(Question{From: "client", To: "kms01"})
		if err != nil {
			b.Fatal(err)
		}
		if got.Outcome.Verdict != run.OutcomeProtected {
			b.Fatal(got.Outcome.Why.Key())
		}
	})
}

// BenchmarkDiff compares two backups of 10,000 rules, of which one differs.
func BenchmarkDiff(b *testing.B) {
	values := manyRules(10_000)
	before := written(b, values)
	values[1].Data = strings.Replace(isolationRule, "EP2_4=198.18.10.31|", "", 1)
	after := written(b, values)
	measured(b, func() {
		d, err := Diff(fromFolder(b, before), fromFolder(b, after))
		if err != nil {
			b.Fatal(err)
		}
		if len(d.Changes) == 0 {
			b.Fatal("nothing changes")
		}
	})
}
