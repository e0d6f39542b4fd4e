//go:build unix

package farend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"go.uber.org/goleak"
)

// asFarEnd makes the test binary a far end: the other side of the exec tests.
const asFarEnd = "KMSISO_TEST_FAR_END"

func TestMain(m *testing.M) {
	if how := os.Getenv(asFarEnd); how != "" {
		os.Exit(beFarEnd(how))
	}
	goleak.VerifyTestMain(m)
}

// beFarEnd is what the test binary does as a command.
func beFarEnd(how string) int {
	switch how {
	case "good":
		if err := Serve(context.Background(), os.Stdin, os.Stdout, newPlace().vantage(), "v1"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	case "dies":
		fmt.Fprint(os.Stderr, "sudo: a \x1b[1mpassword\x1b[0m is required\n")
		return 3
	case "dies later":
		go Serve(context.Background(), os.Stdin, os.Stdout, newPlace().vantage(), "v1")
		time.AfterFunc(100*time.Millisecond, func() { fmt.Fprintln(os.Stderr, "out of memory"); os.Exit(9) })
		time.Sleep(time.Hour)
	case "deaf":
		child := exec.Command("sleep", "1000")
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			return 1
		}
		fmt.Print(strings.Replace(goodHello, "}", fmt.Sprintf(`,"os":"%d"}`, child.Process.Pid), 1))
		time.Sleep(time.Hour)
	}
	return 0
}

// self is the test binary as a far end.
func self(t testing.TB, how string) Exec {
	t.Helper()
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Exec{Command: []string{"env", asFarEnd + "=" + how, me}, Version: "v1"}
}

func TestExec(t *testing.T) {
	v, err := self(t, "good").Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr}); err != nil || r.Class != run.Answered {
		t.Errorf("ping: %+v, %v", r, err)
	}
	start := time.Now()
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > closeWait {
		t.Errorf("a good far end took %v to end", d)
	}
	if err := v.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

func TestExecErrorsHoldTheLastWords(t *testing.T) {
	_, err := self(t, "dies").Open(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	why := reason.Of(err)
	if ended := why[0].Because("why"); !why.Has(reason.WayNotOpened) || !strings.HasPrefix(why[0].Word("way"), "exec env") || !ended.Has(reason.CommandEnded) ||
		!ended.Names(reason.FarEndWordless) || !strings.Contains(ended[0].Word("words"), "is required") || ended[0].Word("state") != "exit status 3" {
		t.Error(why.Key())
	}
	if strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%q obeys a terminal", err)
	}
	if _, err := (Exec{Command: []string{"/nonexistent/kmsiso"}}).Open(t.Context()); !reason.Of(err).Names(reason.CommandNotStarted) || !strings.Contains(err.Error(), "/nonexistent/kmsiso") {
		t.Errorf("no such command: %v", err)
	}
	if _, err := (Exec{Name: "container a", Command: []string{"/nonexistent/podman"}}).Open(t.Context()); reason.Of(err)[0].Word("way") != "container a" {
		t.Errorf("a way with a name of its own: %v", err)
	}
	if _, err := (Exec{}).Open(t.Context()); !reason.Of(err).Has(reason.CommandUnnamed) {
		t.Errorf("no command: %v", err)
	}
}

func TestExecThatDiesFailsItsCalls(t *testing.T) {
	v, err := self(t, "dies later").Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{Size: 1})
	if err == nil || r.Class != "" || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("ping: %+v, %v", r, err)
	}
}

func TestExecThatDoesNotEndIsKilledWithItsChildren(t *testing.T) {
	p, err := start(self(t, "deaf").Command)
	if err != nil {
		t.Fatal(err)
	}
	v, err := attach(t.Context(), p.stdout, p.stdin, "v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(v.OS)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err == nil {
		t.Error("a deaf far end was closed without a word")
	}
	if state := p.end(10 * time.Millisecond); !strings.Contains(state, "killed") {
		t.Errorf("state %q", state)
	}
	for range 100 { // init may take a moment to wait for it
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
		if errors.Is(err, os.ErrNotExist) || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	syscall.Kill(child, syscall.SIGKILL)
	t.Errorf("child %d lives on", child)
}

// A real process that sleeps: nothing of it moves, and nothing of it closes.
func TestAProcessThatIsStoppedIsGivenUpAndKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as a far end may be silent")
	}
	t.Parallel()
	p, err := start(self(t, "good").Command)
	if err != nil {
		t.Fatal(err)
	}
	v, err := attach(t.Context(), p.stdout, p.stdin, "v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(p.cmd.Process.Pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr}); err == nil {
		t.Errorf("a process that sleeps answered %+v", r)
	}
	if took, most := time.Since(began), aliveWait+3*aliveEvery; took > most {
		t.Errorf("it took %v, more than %v", took, most)
	}
	began = time.Now()
	if err := v.Close(); err == nil {
		t.Error("a far end that sleeps was closed without a word")
	}
	if state := p.end(0); !strings.Contains(state, "killed") {
		t.Errorf("state %q", state)
	}
	if took := time.Since(began); took > closeWait {
		t.Errorf("Close took %v", took)
	}
}

func TestACommandThatIsNoFarEndIsEnded(t *testing.T) {
	for name, script := range map[string]string{
		"prints without end":              "yes",
		"complains without end":           "yes >&2",
		"is mute and ignores signals":     "trap '' HUP INT TERM PIPE; while :; do sleep 1; done",
		"ends and leaves a child behind":  "sleep 1000 & exit 0",
		"says hello and prints after it":  "echo '" + strings.TrimSpace(goodHello) + "'; yes",
		"says hello and closes its input": "echo '" + strings.TrimSpace(goodHello) + "'; exec <&-; sleep 1000",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			v, err := Exec{Command: []string{"sh", "-c", script}, Version: "v1"}.Open(ctx)
			if err == nil {
				if _, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{}); err == nil {
					t.Error("a ping was answered")
				}
				v.Close()
			} else if strings.HasPrefix(name, "says hello") {
				t.Error(err)
			}
			if took, most := time.Since(began), time.Second+closeWait+time.Second+killWait; took > most {
				t.Errorf("it took %v, more than %v", took, most)
			}
		})
	}
}

func BenchmarkExecCall(b *testing.B) {
	v, err := self(b, "good").Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	before, far := cpu(b), children(b)
	b.SetParallelism(500)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := vantage.TCP.At(v)(b.Context(), vantage.DialRequest{To: anAddrPort, Timeout: time.Second}); err != nil {
				b.Error(err)
			}
		}
	})
	near := cpu(b) - before
	v.Close()
	b.ReportMetric(float64(near.Microseconds())/float64(b.N), "near-cpu-us/op")
	b.ReportMetric(float64((children(b)-far).Microseconds())/float64(b.N), "far-cpu-us/op")
}
