package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
)

// backup DIR LISTING... writes a folder of Backup-GPO with a GPO for each
// listing, named as its file, whose Registry.pol has what the listing lists:
//
//	[ConSecRules]                a key below that of Windows Firewall's policy
//	{id}=v2.26|Action=...        a value of it, a string
//	PolicyVersion=dword:21a      or a number
//
// A listing is a text/template, for what is too large to be written by hand.
func backup(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: backup DIR LISTING...")
	}
	for i, listing := range args[1:] {
		dir := filepath.Join(ts.MkAbs(args[0]), fmt.Sprintf("{0A11B200-0000-4000-8000-%012d}", i+1))
		pol, err := pregOf(ts.ReadFile(listing))
		ts.Check(err)
		for name, data := range backupOf(filepath.Base(listing), filepath.Base(dir), i+1, pol) {
			path := filepath.Join(dir, filepath.FromSlash(name))
			ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
			ts.Check(os.WriteFile(path, data, 0o600))
		}
	}
}

// pregOf writes a listing as Registry.pol ([MS-GPREG] 2.2.1).
func pregOf(listing string) ([]byte, error) {
	t, err := template.New("listing").Funcs(template.FuncMap{"repeat": strings.Repeat}).Parse(listing)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, nil); err != nil {
		return nil, err
	}
	b := []byte("PReg\x01\x00\x00\x00")
	key := `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	for line := range strings.Lines(text.String()) {
		line = strings.TrimSuffix(line, "\n")
		if below, ok := strings.CutPrefix(line, "["); ok {
			key = `SOFTWARE\Policies\Microsoft\WindowsFirewall\` + strings.TrimSuffix(below, "]")
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		kind, data := uint32(1), wide(value+"\x00")
		if n, ok := strings.CutPrefix(value, "dword:"); ok {
			number, err := strconv.ParseUint(n, 16, 32)
			if err != nil {
				return nil, err
			}
			kind, data = 4, binary.LittleEndian.AppendUint32(nil, uint32(number))
		}
		b = append(append(b, '[', 0), wide(key+"\x00;"+name+"\x00;")...)
		b = append(binary.LittleEndian.AppendUint32(b, kind), ';', 0)
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(data))), ';', 0)
		b = append(append(b, data...), ']', 0)
	}
	return b, nil
}

// wide is text in UTF-16, little-endian.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// backupOf are the files of one backup, by their names, as far as they are read.
func backupOf(name, id string, number int, pol []byte) map[string][]byte {
	var title bytes.Buffer
	xml.EscapeText(&title, []byte(name))
	fill := strings.NewReplacer("@name", title.String(), "@backup", id, "@gpo", fmt.Sprintf("{6C0DE000-1688-4A00-8000-%012d}", number),
		"@extensions", "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]", "@sddl", "O:DAG:DAD:PAI(A;CI;RPLCLORC;;;AU)(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)")
	return map[string][]byte{
		"DomainSysvol/GPO/Machine/registry.pol": pol,
		"bkupInfo.xml": []byte(fill.Replace(`<BackupInst xmlns="http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest"><GPOGuid>@gpo</GPOGuid><GPODomain>contoso.test</GPODomain>` +
			`<BackupTime>2026-11-20T09:00:00</BackupTime><ID>@backup</ID><GPODisplayName>@name</GPODisplayName></BackupInst>`)),
		"Backup.xml": []byte(fill.Replace(`<GroupPolicyBackupScheme xmlns="http://www.microsoft.com/GroupPolicy/GPOOperations"><GroupPolicyObject><GroupPolicyCoreSettings><ID>@gpo</ID>` +
			`<Domain>contoso.test</Domain><DisplayName>@name</DisplayName><Options>0</Options><UserVersionNumber>0</UserVersionNumber><MachineVersionNumber>65537</MachineVersionNumber>` +
			`<MachineExtensionGuids>@extensions</MachineExtensionGuids></GroupPolicyCoreSettings></GroupPolicyObject></GroupPolicyBackupScheme>`)),
		"gpreport.xml": append([]byte{0xff, 0xfe}, wide(fill.Replace(`<GPO xmlns="http://www.microsoft.com/GroupPolicy/Settings"><Identifier>`+
			`<Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">@gpo</Identifier><Domain xmlns="http://www.microsoft.com/GroupPolicy/Types">contoso.test</Domain></Identifier>`+
			`<Name>@name</Name><SecurityDescriptor><SDDL xmlns="http://www.microsoft.com/GroupPolicy/Types/Security">@sddl</SDDL></SecurityDescriptor>`+
			`<Computer><VersionDirectory>1</VersionDirectory><VersionSysvol>1</VersionSysvol><Enabled>true</Enabled></Computer>`+
			`<User><VersionDirectory>0</VersionDirectory><VersionSysvol>0</VersionSysvol><Enabled>true</Enabled></User></GPO>`))...),
	}
}

// poke FILE OFFSET OCTETS writes octets, in hexadecimal, into a file; a negative
// offset is from its end.
func poke(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: poke FILE OFFSET OCTETS")
	}
	octets, err := hex.DecodeString(args[2])
	ts.Check(err)
	path, at := place(ts, args[0], args[1])
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteAt(octets, at)
	ts.Check(err)
	ts.Check(f.Close())
}

// cut FILE [OFFSET] leaves what is before an offset, the first half without one.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: cut FILE [OFFSET]")
	}
	if len(args) == 1 {
		st, err := os.Stat(ts.MkAbs(args[0]))
		ts.Check(err)
		args = append(args, strconv.FormatInt(st.Size()/2, 10))
	}
	path, at := place(ts, args[0], args[1])
	ts.Check(os.Truncate(path, at))
}

// place is a file and an offset in it.
func place(ts *testscript.TestScript, file, offset string) (string, int64) {
	path := ts.MkAbs(file)
	at, err := strconv.ParseInt(offset, 10, 64)
	ts.Check(err)
	if at < 0 {
		st, err := os.Stat(path)
		ts.Check(err)
		at += st.Size()
	}
	return path, at
}
