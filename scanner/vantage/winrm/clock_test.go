package winrm

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	far "github.com/kmsiso/kmsiso/fixtures/hostile/winrm"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestClockOfPowerShell has the real PowerShell run the line, behind a scripted host.
// PowerShell is no package of Debian: it is the program that PWSH names, or pwsh.
func TestClockOfPowerShell(t *testing.T) {
	shell := os.Getenv("PWSH")
	if shell == "" {
		shell = "pwsh"
	}
	shell, err := exec.LookPath(shell)
	if err != nil {
		t.Skip("PowerShell is needed: PWSH names it")
	}
	p := &far.Peer{Run: func(line string) (string, string, int) {
		options, text, quoted := strings.Cut(strings.TrimSuffix(line, `"`), `"`)
		words := strings.Fields(options)
		if !quoted || words[0] != "powershell" {
			t.Errorf("the command is %q", line)
			return "", "", 1
		}
		var out, complaint bytes.Buffer
		cmd := exec.CommandContext(t.Context(), shell, append(words[1:], text)...)
		cmd.Stdout, cmd.Stderr = &out, &complaint
		err := cmd.Run()
		if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
			t.Error(err)
		}
		return out.String(), complaint.String(), cmd.ProcessState.ExitCode()
	}}
	v, err := inMemory(t.Context(), p, authNegotiate).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, zone := range []string{"UTC", "Asia/Kolkata"} {
		t.Setenv("TZ", zone)
		before := time.Now()
		r, err := vantage.Clock.At(v)(t.Context(), vantage.ClockRequest{})
		if err != nil || r.Time.Before(before.Truncate(100)) || r.Time.After(time.Now()) {
			t.Errorf("%s: %s after %s, %v", zone, r.Time, before, err)
		}
	}
}

// TestWhatIsNoClock reads what is no answer of the line.
func TestWhatIsNoClock(t *testing.T) {
	want := time.Date(2026, 11, 23, 9, 0, 0, 123456700, time.UTC)
	if at, err := parseClock(result{stdout: "2026-11-23T09:00:00.1234567Z\r\n"}); err != nil || !at.Equal(want) {
		t.Errorf("%s, %v", at, err)
	}
	for name, out := range map[string]result{
		"nothing":                 {},
		"another exit code":       {stdout: "2026-11-23T09:00:00.1234567Z\r\n", exit: 1},
		"no PowerShell":           {stderr: "'powershell' is not recognized as an internal or external command", exit: notStarted},
		"local time":              {stdout: "2026-11-23T10:00:00.1234567+01:00\r\n"},
		"no zone":                 {stdout: "2026-11-23T09:00:00.1234567\r\n"},
		"a profile that speaks":   {stdout: "Welcome!\r\n2026-11-23T09:00:00.1234567Z\r\n"},
		"the form of the country": {stdout: "23.11.2026 09:00:00\r\n"},
	} {
		_, err := parseClock(out)
		has(t, name, err, reason.ClockAnswerOdd)
		if cannot := errors.Is(err, vantage.ErrNoClock); cannot != (out.exit != 0) {
			t.Errorf("%s: no clock to read: %v", name, cannot)
		}
	}
}
