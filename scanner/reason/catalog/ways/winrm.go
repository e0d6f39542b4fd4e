package ways

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var winrmWays = []entry.Entry{
	{
		Code:  reason.CredentialMissing,
		Text:  "no credential; name one with credential: in the vantage's via",
		Means: "WinRM needs an account, and the way names no credential. Declare one and name it in the way.",
	},
	{
		Code:  reason.PasswordUnread,
		Text:  "the password of {account} could not be read: {words}",
		Means: "The password of the credential could not be read on the controller, from where the policy says. Nothing was shown to anybody.",
	},
	{
		Code:  reason.BasicInClear,
		Text:  "auth: basic would send the password in clear over HTTP; use https:// or auth: negotiate",
		Means: "Basic shows the password itself, and the way is over HTTP. It was not sent.",
	},
	{
		Code:  reason.AuthUnknown,
		Text:  "auth: {word} is not known; use negotiate or basic",
		Means: "The policy names a log-on for the way that is none of the two.",
	},
	{
		Code:  reason.WinRMNeedsNTLM,
		Text:  "ntlm: forbid in the policy rules out NTLM, and WinRM knows no Kerberos yet; use https:// and auth: basic",
		Means: "The policy forbids NTLM, and the way has no other log-on. Use HTTPS with Basic.",
	},
	{
		Code:  reason.PinMissed,
		Text:  "TLS to {address}: the certificate is not the pinned one; if the host's certificate was changed on purpose, change pin: too",
		Means: "The host shows another certificate than the one that the policy pins. It was renewed, or another machine answers in its place. Nothing was sent to it.",
	},
	{
		Code: reason.WinRMRefused,
		Text: "{address} refused the log-on of {account}: wrong password, or the account may not use WinRM there (Remote Management Users, or LocalAccountTokenFilterPolicy for a local account)",
		Means: "The host answered HTTP 401, which does not tell a wrong password from an account without the right. " +
			"The account is not shown again in this run where that could lock it out.",
	},
	{
		Code:  reason.LogonCut,
		Text:  "{address} closed the connection in the middle of the log-on",
		Means: "NTLM is of one connection, and the host closed it between the two messages. A middlebox may share connections, which NTLM does not bear.",
	},
	{
		Code: reason.NTLMNotOffered,
		Say: func(r reason.Reason) string {
			return fmt.Sprintf("%s offers %q where NTLM under Negotiate was asked for; no password was sent to it. For Basic say so with auth: basic, over https://",
				r.Word("address"), r.Word("offers"))
		},
		Means: "The host does not offer the log-on that the way has. Nothing was shown to it.",
	},
	{
		Code:  reason.NTLMUnanswerable,
		Text:  "the NTLM challenge of {address} cannot be answered: {words}",
		Means: "What the host sent as an NTLM challenge is none, or of a form that is not used. Nothing was shown to it.",
	},
	{
		Code: reason.SealingRefused,
		Say: func(r reason.Reason) string {
			said := r.Word("address") + " " + r.Word("words")
			if status := r.Word("status"); status != "" {
				said = "the host answered a sealed message in clear (HTTP " + status + "): it refuses to seal"
			}
			return said + "; nothing is sent to it in clear. Use https:// or allow message encryption there"
		},
		Means: "Over HTTP each message is sealed with the keys of the log-on, and the host does not do that. Nothing was sent to it in clear.",
	},
	{
		Code: reason.AccountHeld,
		Say: func(r reason.Reason) string {
			text := fmt.Sprintf("%s was refused at %s, not tried again, so that it is not locked out: %s said %q. After a look at it --retry-credential allows one attempt",
				r.Word("account"), r.Word("at"), r.Word("place"), entry.Text(r.Because("why")))
			return text + entry.After("; ", entry.Text(r.Because("advice")))
		},
		Means: "The account was refused, in this run or an earlier one. It is kept back, for a few wrong passwords lock an account out. See the password, then allow one attempt.",
	},
	{
		Code:  reason.AccountHeldHere,
		Text:  "{account} was refused there at {at}, not tried again in this run: {why}",
		Means: "The secret is right elsewhere, and this place alone refused the account. It is not shown there again in this run.",
	},
	{
		Code:  reason.AccountLimit,
		Text:  "{account}: not tried: {why}",
		Means: "One attempt more could lock the account out in its domain, or how near that is is not known. Nothing was shown.",
	},
	{
		Code:  reason.SecretUnshown,
		Text:  "the secret of {account} was not shown: {why}",
		Means: "Secrets of one account are shown one after another, so that a wrong one is shown once. The turn of this one did not come in time.",
	},
	{
		Code:  reason.ShellDenied,
		Text:  "the host denies the account a shell; it must be in Remote Management Users or Administrators there",
		Means: "The log-on went through, and the account has no right to a shell of WinRM (ERROR_ACCESS_DENIED). A local account needs LocalAccountTokenFilterPolicy besides.",
	},
	{
		Code:  reason.QuotaUsed,
		Text:  "the host's quota is used up: {quota} ({words}); end what else uses this account there, or raise it (winrm/config)",
		Means: "WinRM gives each account so many shells, commands and so much memory, and others use them up. kmsiso tried again for a while.",
	},
	{
		Code: reason.HostFault,
		Say: func(r reason.Reason) string {
			said := "the host answered with a fault: " + strings.Join(strings.Fields(r.Word("kind")+" "+r.Word("number")), " ")
			return strings.TrimSpace(said + " " + r.Word("words"))
		},
		Means: "WinRM answered with a fault of another kind. Its number is that of wsmerror.h or winerror.h; its words are in the language of the host.",
	},
	{
		Code:  reason.AskedNoMore,
		Text:  "{why}; it was asked nothing more",
		Means: "The host kept a message waiting for all its time. Each further one would cost as much, so it was left alone.",
	},
	{
		Code:  reason.WaitCancelled,
		Text:  "cancelled while waiting for {address}: {words}",
		Means: "The run ended while the host had not answered yet. Nothing is concluded from it.",
	},
	{
		Code:  reason.NotHTTP,
		Text:  "what answers at {address} is not WinRM: it does not speak HTTP",
		Means: "Something else than an HTTP server listens on the port. See the port in the policy.",
	},
	{
		Code:  reason.AnswerEndless,
		Text:  "what answers at {address} is not WinRM: its answer has no end",
		Means: "Something sends more than any answer of WinRM has. It was given up.",
	},
	{
		Code: reason.NotWinRM,
		Say: func(r reason.Reason) string {
			return fmt.Sprintf("what answers at %s is not WinRM: HTTP %s, %q", r.Word("address"), r.Word("status"), r.Word("type"))
		},
		Means: "An HTTP server answers on the port and is no WinRM. See the port in the policy.",
	},
}

var tools = []entry.Entry{
	{
		Code:  reason.PingToolFailed,
		Text:  "ping from {host}: {why}",
		Means: "ping.exe of the machine gave no answer that can be read. Nothing is concluded about what it was to ping.",
	},
	{
		Code:  reason.RegistryUnread,
		Text:  "registry of {host}: {why}",
		Means: "The registry of the machine could not be read, or not whole. Nothing is concluded about what is in it.",
	},
	{
		Code:  reason.ClockUnread,
		Text:  "clock of {host}: {why}",
		Means: "The clock of the machine could not be read. Nothing is concluded about what it shows.",
	},
	{
		Code:  reason.KeyReadInPart,
		Text:  "{key} could be read in part only: {words}",
		Means: "reg.exe listed the key and complained of something beneath it, so what it listed is not all. Read it as an administrator.",
	},
	{
		Code: reason.OutputCut,
		Say: func(r reason.Reason) string {
			text := "the output is cut: a mark of its begin or end is missing. Nothing is concluded from it"
			if why := r.Because("why"); why != nil {
				text += ": " + entry.Text(why)
			}
			return text
		},
		Means: "Each output of a command has a mark at its begin and its end, and one of them did not come. It may hold half of the truth, so nothing of it is used.",
	},
	{
		Code: reason.WatchFailed,
		Say: func(r reason.Reason) string {
			if v := r.Word("vantage"); v != "" {
				return "watch at " + v + ": " + entry.Text(r.Because("why"))
			}
			return "watch: " + entry.Text(r.Because("why"))
		},
		Means: "The watch on the wire could not be put in place, or not be asked what it has seen. Nothing is concluded about what passed.",
	},
	{
		Code:  reason.FlowsIncomplete,
		Text:  "the flows are not complete: {why}",
		Means: "The watch on the wire lost packets, or it is not known that it did not. What it has not seen may have passed.",
	},
	{
		Code:  reason.SendFailed,
		Text:  "send: {why}",
		Means: "The datagram did not leave the vantage. Nothing is concluded about the way to the host.",
	},
}
