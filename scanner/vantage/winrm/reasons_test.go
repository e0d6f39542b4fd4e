package winrm

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	far "github.com/kmsiso/kmsiso/fixtures/hostile/winrm"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// has fails unless err says the code, at the top or beneath.
func has(t *testing.T, what string, err error, code reason.Code) {
	t.Helper()
	if why := reason.Of(err); !why.Names(code) {
		t.Errorf("%s: %s, want %s", what, why.Key(), code)
	}
}

// TestWhatNoWinRMAnswers opens ways to peers that answer otherwise.
func TestWhatNoWinRMAnswers(t *testing.T) {
	for want, p := range map[reason.Code]*far.Peer{
		reason.OutputTooLong:   {Habit: far.Huge, At: far.Receive},
		reason.WinRMAnswerLong: {Habit: hostile.Endless, At: far.Create},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			v, err := inMemory(ctx, p, authBasic).Open(ctx)
			if err == nil {
				_ = v.Close()
			}
			has(t, string(p.Habit), err, want)
		})
	}
	_, err := readEnvelope([]byte("<s:Envelope"))
	has(t, "half an envelope", err, reason.AnswerNotSOAP)
	_, _, err = splitSealed([]byte("--Encrypted Boundary"))
	has(t, "half a sealed answer", err, reason.SealedAnswerMalformed)
	has(t, "another signature", forged(errors.New("the signature does not match")), reason.SealBroken)
	has(t, "a shell without a name", unnamed("shell"), reason.NameMissing)
	_, _, err = cutMarks("kmsiso-0123\r\nkmsiso-4567 %errorlevel%\r\n", "kmsiso-0123", "kmsiso-4567")
	has(t, "no exit code", err, reason.ExitCodeMissing)
	_, err = goarch("$PROCESSOR_ARCHITECTURE")
	has(t, "another shell", err, reason.ShellNotCmd)
}

// TestWhatIsDeclaredWrong reads ways of a policy.
func TestWhatIsDeclaredWrong(t *testing.T) {
	_, err := parseAddress("ftp://client1")
	has(t, "ftp", err, reason.WinRMAddressOdd)
	_, err = parseAddress("https://user:password@client1/wsman")
	has(t, "a password", err, reason.WinRMAddressSecret)
	_, err = trust(endpoint{}, "", "00")
	has(t, "a pin over HTTP", err, reason.TrustWithoutTLS)
}

// TestWhyAKeyIsNotRead asks machines whose reg.exe does not read it.
func TestWhyAKeyIsNotRead(t *testing.T) {
	const key = `HKLM\SOFTWARE\Policies`
	// tells answers reg query of a key with what it lists, and of all others with 1.
	tells := func(lists map[string]string) func(string) (string, string, int) {
		return func(line string) (string, string, int) {
			for k, text := range lists {
				if strings.Contains(line, `"`+k+`"`) && !strings.Contains(line, "/s") {
					return text, "", 0
				}
			}
			return "", "ERROR", 1
		}
	}
	const software, machine = `HKEY_LOCAL_MACHINE\SOFTWARE`, `HKEY_LOCAL_MACHINE`
	for want, run := range map[reason.Code]func(string) (string, string, int){
		reason.RegToolEnded:   func(string) (string, string, int) { return "", "", 5 },
		reason.KeysUnlisted:   tells(nil),
		reason.KeyNotReadable: tells(map[string]string{software: software + "\\Policies\r\n"}),
		reason.KeyListOdd:     tells(map[string]string{software: "", machine: machine + "\\OTHER\r\n"}),
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			v, err := inMemory(ctx, &far.Peer{Run: run}, authNegotiate).Open(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			_, err = vantage.Registry.At(v)(ctx, key)
			has(t, key, err, want)
			_, err = vantage.Registry.At(v)(ctx, `HKLM\a" & echo`)
			has(t, "a command in a key", err, reason.KeyNameOdd)
			_, err = vantage.Ping.At(v)(ctx, vantage.PingRequest{To: netip.MustParseAddr("2001:db8::1"), Timeout: time.Second})
			has(t, "IPv6", err, reason.PingWithoutIPv6)
			_, err = vantage.Ping.At(v)(ctx, vantage.PingRequest{To: netip.MustParseAddr("192.0.2.1"), Timeout: time.Second})
			has(t, "ping.exe that says nothing", err, reason.PingAnswerOdd)
			_, err = vantage.Clock.At(v)(ctx, vantage.ClockRequest{})
			has(t, "a clock that says nothing", err, reason.ClockUnread)
			has(t, "a clock that says nothing", err, reason.ClockAnswerOdd)
		})
	}
}
