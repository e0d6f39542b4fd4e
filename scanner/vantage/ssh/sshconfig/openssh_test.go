package sshconfig

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/need"
)

func TestAPathWithABlankIsRefusedWhereOpenSSHDropsTheQuotes(t *testing.T) {
	file := written(t, "Host far\n User u\n UserKnownHostsFile \"{dir}/my hosts\"\n")
	r := New(t.Context(), file, false)
	need.That(t, r.program != "", "OpenSSH")
	_, err := r.Path(t.Context(), "far")
	wantErr(t, err, "userknownhostsfile", "blank")
	if _, err := New(t.Context(), file, true).Path(t.Context(), "far"); err != nil {
		t.Errorf("where the vantage names the file: %v", err)
	}
	hops, err := (&Reader{file: file}).Path(t.Context(), "far")
	if err != nil || !strings.HasSuffix(hops[0].KnownHosts[0], "my hosts") {
		t.Errorf("our own reading: %v, %v", hops, err)
	}
}

func TestCanonicalisingIsOpenSSHs(t *testing.T) {
	file := written(t, "CanonicalizeHostname yes\nMatch canonical all\n Port 77\n")
	r := New(t.Context(), file, false)
	need.That(t, r.program != "", "OpenSSH")
	hops, err := r.Path(t.Context(), "x@127.0.0.9") // an address: no name is asked for
	if err != nil || hops[0].Port != "77" {
		t.Errorf("%v, %v", hops, err)
	}
	_, err = (&Reader{file: file}).Path(t.Context(), "x@127.0.0.9")
	wantErr(t, err, "CanonicalizeHostname")
}

// HOME is where kmsiso looks, though OpenSSH goes by the home of the account.
func TestHOMEThatIsNotTheAccounts(t *testing.T) {
	file := written(t, "Host far\n HostName one\n User u\n")
	r := New(t.Context(), "", false)
	hops, err := r.Path(t.Context(), "far")
	if err != nil || hops[0].Host != "one" {
		t.Fatalf("%v, %v", hops, err)
	}
	if want := filepath.Join(filepath.Dir(file), "known_hosts"); hops[0].KnownHosts[0] != want {
		t.Errorf("known_hosts %v, want %s first", hops[0].KnownHosts, want)
	}
	if !strings.Contains(r.String(), file) {
		t.Errorf("%q does not name %s", r, file)
	}
}

func TestTheProgramIsBoundedAndEndsWithItsChildren(t *testing.T) {
	file := written(t, "Match exec \"echo $$ > {dir}/pid; sleep 1000\"\n HostName no\nHost far\n User u\n")
	r := New(t.Context(), file, false)
	need.That(t, r.program != "", "OpenSSH")
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("in time"))
	defer cancel()
	began := time.Now()
	_, err := r.Path(ctx, "far")
	wantErr(t, err, "in time")
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	pid, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(file)), "pid"))
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("what Match exec started lives on")
}

func TestTheNameOfTheCommandRunsNothing(t *testing.T) {
	file := written(t, "Match exec \"touch {dir}/ran\"\n HostName no\n")
	need.That(t, find() != "", "OpenSSH")
	for address, want := range map[string]string{
		"far": " -- far", "root@far:22": " -l root -p 22 -- far", "-oX=y": "",
	} {
		if got := Command(address); got != "" && want == "" || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q", address, got)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(filepath.Dir(file)), "ran")); err == nil {
		t.Error("it ran")
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for _, r := range readers(t, filepath.Join(t.TempDir(), "absent")) {
		if _, err := r.Path(t.Context(), "x@y"); err == nil {
			t.Error("a named file that is absent is no error")
		}
	}
	r := &Reader{file: written(t, "Include *\n")}
	_, err := r.Path(t.Context(), "x@y")
	wantErr(t, err, "Include")
	r = &Reader{file: t.TempDir()}
	_, err = r.Path(t.Context(), "x@y")
	wantErr(t, err, "no regular file")
	if hops, err := New(t.Context(), "none", false).Path(t.Context(), "x@y"); err != nil || len(hops) != 1 {
		t.Errorf("none: %v, %v", hops, err)
	}
}
