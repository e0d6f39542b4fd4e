package reason

// Why WinRM does not let kmsiso in, or does not do what it is asked.
const (
	// CredentialMissing is of a way that needs a credential and names none.
	CredentialMissing Code = "credential-missing"
	// PasswordUnread is of a password that could not be read on the controller.
	PasswordUnread Code = "password-unread"
	// BasicInClear is of auth: basic over HTTP, which would show the password.
	BasicInClear Code = "basic-in-clear"
	// AuthUnknown is of an auth: that is neither of the two.
	AuthUnknown Code = "auth-unknown"
	// WinRMNeedsNTLM is of a policy without NTLM for a way that has nothing else.
	WinRMNeedsNTLM Code = "winrm-needs-ntlm"
	// PinMissed is of a certificate that is not the pinned one.
	PinMissed Code = "pin-missed"
	// WinRMRefused is of an account that a host turned down.
	WinRMRefused Code = "winrm-logon-refused"
	// LogonCut is of a connection that was closed in the middle of a log-on.
	LogonCut Code = "logon-cut"
	// NTLMNotOffered is of a host that offers other log-ons than NTLM.
	NTLMNotOffered Code = "ntlm-not-offered"
	// NTLMUnanswerable is of an NTLM challenge that cannot be answered.
	NTLMUnanswerable Code = "ntlm-unanswerable"
	// SealingRefused is of a host that would have messages in clear.
	SealingRefused Code = "sealing-refused"
	// AccountHeld is of an account that is not shown again after a refusal.
	AccountHeld Code = "account-held"
	// AccountHeldHere is of an account that one place refused, and others took.
	AccountHeldHere Code = "account-held-here"
	// AccountLimit is of an account that one attempt more could lock out.
	AccountLimit Code = "account-limit"
	// SecretUnshown is of a secret whose turn did not come before the end.
	SecretUnshown Code = "secret-unshown"
	// ShellDenied is of an account that may not make a shell.
	ShellDenied Code = "shell-denied"
	// QuotaUsed is of a host that has no more to give this account.
	QuotaUsed Code = "quota-used"
	// HostFault is of another fault that a host answered with.
	HostFault Code = "host-fault"
	// AskedNoMore is of a host that is left alone after it did not answer.
	AskedNoMore Code = "asked-no-more"
	// WaitCancelled is of a wait that the end of the run cut short.
	WaitCancelled Code = "wait-cancelled"
	// NotHTTP is of a port where something else than HTTP answers.
	NotHTTP Code = "not-http"
	// AnswerEndless is of a port where an answer has no end.
	AnswerEndless Code = "answer-endless"
	// NotWinRM is of an HTTP server that is no WinRM.
	NotWinRM Code = "not-winrm"
)

// What fails at a machine that was entered.
const (
	// PingToolFailed is of ping.exe on a machine.
	PingToolFailed Code = "ping-tool-failed"
	// RegistryUnread is of the registry of a machine.
	RegistryUnread Code = "registry-unread"
	// ClockUnread is of the clock of a machine.
	ClockUnread Code = "clock-unread"
	// KeyReadInPart is of a registry key of which reg.exe read a part alone.
	KeyReadInPart Code = "key-read-in-part"
	// OutputCut is of an output of a command that did not come whole.
	OutputCut Code = "output-cut"
	// WatchFailed is of a watch on the wire that could not be made or asked.
	WatchFailed Code = "watch-failed"
	// FlowsIncomplete is of a watch that lost packets.
	FlowsIncomplete Code = "flows-incomplete"
	// SendFailed is of a datagram that could not be sent.
	SendFailed Code = "send-failed"
)
