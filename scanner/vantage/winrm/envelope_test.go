package winrm

import (
	"errors"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// envelopes are answers as Windows sends them ([MS-WSMV] 4.1), shortened.
var envelopes = map[string]string{
	"shell":      `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"><s:Header/><s:Body><rsp:Shell><rsp:ShellId>AB-1</rsp:ShellId></rsp:Shell></s:Body></s:Envelope>`,
	"old shell":  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:x="t" xmlns:a="a" xmlns:w="w"><s:Body><x:ResourceCreated><a:ReferenceParameters><w:SelectorSet><w:Selector Name="ShellId">AB-1</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated></s:Body></s:Envelope>`,
	"output":     `<s:Envelope xmlns:s="s" xmlns:rsp="r"><s:Body><rsp:ReceiveResponse><rsp:Stream Name="stdout" CommandId="C">aGVs</rsp:Stream><rsp:Stream Name="stdout" CommandId="C">bG8=</rsp:Stream><rsp:Stream Name="stderr" CommandId="C" End="true"></rsp:Stream><rsp:CommandState CommandId="C" State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"><rsp:ExitCode>3</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse></s:Body></s:Envelope>`,
	"cut base64": `<s:Envelope xmlns:s="s" xmlns:rsp="r"><s:Body><rsp:ReceiveResponse><rsp:Stream Name="stdout">aGVsb</rsp:Stream></rsp:ReceiveResponse></s:Body></s:Envelope>`,
	"timeout":    `<s:Envelope xmlns:s="s" xmlns:w="w"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code><s:Reason><s:Text>The WS-Management service cannot complete the operation within the time specified in OperationTimeout.</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
	"quota":      `<s:Envelope xmlns:s="s" xmlns:w="w"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:QuotaLimit</s:Value></s:Subcode></s:Code><s:Reason><s:Text>The maximum number of concurrent shells has been exceeded.</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
	"denied":     `<s:Envelope xmlns:s="s" xmlns:w="w"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:AccessDenied</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Access is denied.</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
	"cut":        `<s:Envelope xmlns:s="s"><s:Body>`,
}

func TestReadEnvelope(t *testing.T) {
	read := func(name string) envelope {
		t.Helper()
		e, err := readEnvelope([]byte(envelopes[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return e
	}
	for _, n := range []string{"shell", "old shell"} {
		if e := read(n); e.shell() != "AB-1" || e.err() != nil {
			t.Errorf("%s: %q, %v", n, e.shell(), e.err())
		}
	}
	e := read("output")
	if out, err := e.output("stdout"); err != nil || string(out) != "hello" || !e.done() || *e.State.ExitCode != 3 {
		t.Errorf("output: %q, %v, done %v", out, err, e.done())
	}
	if _, err := read("cut base64").output("stdout"); err == nil {
		t.Error("base64 that is cut was taken")
	}
	if err := read("timeout").err(); !errors.Is(err, errNoOutputYet) {
		t.Errorf("timeout: %v", err)
	}
	for n, want := range map[string]reason.Code{"quota": reason.QuotaUsed, "denied": reason.ShellDenied} {
		if why := reason.Of(read(n).err()); !why.Has(want) {
			t.Errorf("%s: %s", n, why.Key())
		}
	}
	if _, err := readEnvelope([]byte(envelopes["cut"])); err == nil {
		t.Error("half an envelope was taken")
	}
}

func TestCleanLeavesOneHarmlessLine(t *testing.T) {
	if got := clean("a\r\n\x1b[31mb\u202ec\x00 \xff"); got != "a [31mbc ?" {
		t.Errorf("%q", got)
	}
}

func FuzzReadEnvelope(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := readEnvelope(body)
		if err != nil {
			return
		}
		_, _ = e.output("stdout")
		if err := e.err(); err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("not a sentence: %q", err)
		}
	})
}

func FuzzSealedAnswer(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		signature, _, err := splitSealed(body)
		if err == nil && len(signature) != signatureLen {
			t.Errorf("a signature of %d octets", len(signature))
		}
	})
}

func TestSealedAnswerThatIsCut(t *testing.T) {
	whole := boundary + "\r\n\tContent-Type: " + protocol + "\r\n\tOriginalContent: type=" + typeSOAP + ";Length=3\r\n" + boundary + "\r\n\tContent-Type: application/octet-stream\r\n\x10\x00\x00\x000123456789abcdefxyz" + boundary + "--\r\n"
	if _, sealed, err := splitSealed([]byte(whole)); err != nil || string(sealed) != "xyz" {
		t.Fatalf("%q, %v", sealed, err)
	}
	for n := range len(whole) - len("--\r\n") {
		if _, _, err := splitSealed([]byte(whole[:n])); err == nil {
			t.Errorf("%d of %d octets were taken", n, len(whole))
		}
	}
}
