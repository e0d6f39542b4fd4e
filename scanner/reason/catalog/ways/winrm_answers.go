package ways

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// pingFlaws are what is odd about an answer of ping.exe.
var pingFlaws = map[string]string{
	"statistics-missing": "no statistics",
	"another-address":    "it is about another address",
	"several-packets":    "the statistics are not those of one packet",
	"several-replies":    "several replies",
	"another-replied":    "another address replied",
	"reply-uncounted":    "a reply that the statistics do not count",
	"reply-missing":      "received something and does not say what",
	"words-unknown":      "words that are not known",
}

var winrmAnswers = []entry.Entry{
	{Code: reason.WinRMAddressOdd, Text: "address {url|q} is none; use host, host:port or https://host:5986/wsman",
		Means: "The address of the way cannot be read. See the vantage's via in the policy."},
	{Code: reason.WinRMAddressSecret, Text: "address: it holds a user or password; a secret belongs into a credential",
		Means: "A secret in an address ends up in logs and documents. Declare a credential and name it."},
	{Code: reason.TrustWithoutTLS, Text: "ca: and pin: are for HTTPS; write the address as https://host:5986/wsman",
		Means: "Over HTTP there is no certificate that could be checked."},
	{Code: reason.PinOdd, Text: "pin: is not the SHA-256 of a certificate (64 hexadecimal digits)",
		Means: "The pin names one certificate by its SHA-256, as openssl x509 -fingerprint -sha256 prints it."},

	{Code: reason.WinRMAnswerLong, Text: "the answer of {address} is longer than {most} octets: not WinRM",
		Means: "No answer of WinRM has that size. Something else may listen there."},
	{Code: reason.AnswerNotSOAP, Text: "an answer is cut or no SOAP: {words}",
		Means: "WinRM answers in SOAP, and this is none, or a part of one. Nothing is concluded from it."},
	{Code: reason.NameMissing, Text: "the host made a {of} and gave it no name: not WinRM",
		Means: "WinRM names each shell and each command, and what was answered has no name in it."},
	{Code: reason.SealBroken, Text: "a sealed answer does not have the right signature ({words}): it was altered, or it is not the host that logged us on",
		Means: "Something between changed the answer, or answers in place of the host. Nothing of it is used."},
	{Code: reason.SealedAnswerMalformed, Text: "a sealed answer is cut or not well-formed: its {part} is wrong or missing",
		Means: "A sealed message has the form of [MS-WSMV] 2.2.9.1, and this one does not. Nothing of it is used."},
	{Code: reason.OutputTooLong, Text: "the output is longer than {most} octets",
		Means: "A command printed more than kmsiso keeps. Nothing is concluded from a part of it."},
	{Code: reason.ExitCodeMissing, Text: "the output ends in no exit code: {words|q}",
		Means: "Each command ends with a mark and its exit code, and there is something else. Nothing is concluded from it."},
	{Code: reason.ShellNotCmd, Text: "the host's command shell is no cmd.exe: it answered {words|q}",
		Means: "kmsiso speaks cmd.exe over WinRM. What answers there may be no Windows."},

	{Code: reason.PingWithoutIPv6, Text: "ping from {host}: its ping.exe does not even reach ::1, so it knows no IPv6; give this vantage an ssh or exec way",
		Means: "ping.exe of the machine cannot ping the machine itself over IPv6, so its silence to others says nothing."},
	{Code: reason.PingAnswerOdd,
		Say: func(r reason.Reason) string {
			flaw := pingFlaws[r.Word("flaw")]
			if r.Word("exit") != "" {
				flaw = "a reply and exit code " + r.Word("exit")
			}
			return fmt.Sprintf("ping.exe's answer for %s is not understood (%s): %q", r.Word("to"), flaw, r.Word("words"))
		},
		Means: "ping.exe answers in the language of the machine. Where its words, its counts and its exit code do not agree, nothing is concluded."},
	{Code: reason.ClockAnswerOdd, Text: "PowerShell ended with {exit} and told no time of UTC: {words|q}",
		Means: "The clock is read by one line of PowerShell, which prints the time and nothing else. Where the account may not run powershell.exe, or the host has none, give it an ssh or exec way."},
	{Code: reason.KeyNameOdd,
		Say: func(r reason.Reason) string {
			return fmt.Sprintf("registry key %q: only keys below HKLM, of letters, digits and . _ - { } ( ) are read", r.Word("key"))
		},
		Means: "The name of a key stands in a command of cmd.exe, so no other characters are let through."},
	{Code: reason.RegToolEnded, Text: "reg.exe ended with {exit} for {key}: {words}",
		Means: "reg.exe ends with 0 or 1. Another number is of the system, and says nothing of the key."},
	{Code: reason.KeysUnlisted, Text: "{key} could not be read, nor could any key above it be listed: {words}",
		Means: "That a key is missing is known by the list of the key above, and none could be listed. So it is not known."},
	{Code: reason.KeyListOdd, Text: "{key} could not be read, and what reg.exe lists above it does not fit: {words}",
		Means: "A key above was listed as empty, and the one above that does not list it. So whether the key is missing is not known."},
	{Code: reason.KeyNotReadable, Text: "{key} is there and could not be read (not as an administrator?): {words}",
		Means: "The key above lists it, and reg.exe does not read it. The account needs more rights on the machine."},
}
