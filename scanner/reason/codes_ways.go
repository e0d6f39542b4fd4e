package reason

// Why SSH does not let kmsiso in.
const (
	// HostKeyUnknown is of a host that no known_hosts file names.
	HostKeyUnknown Code = "host-key-unknown"
	// HostKeyChanged is of a host that is known by other keys.
	HostKeyChanged Code = "host-key-changed"
	// HostKeyKnown is one key by which a host is known.
	HostKeyKnown Code = "host-key-known"
	// HostKeyRevoked is of a key that is marked @revoked.
	HostKeyRevoked Code = "host-key-revoked"
	// HostKeyUncertified is of a host of which only an authority is known, and that
	// shows no certificate of it.
	HostKeyUncertified Code = "host-key-uncertified"
	// HostKeyUnchecked is of a key that could not be compared.
	HostKeyUnchecked Code = "host-key-unchecked"
	// HostCertificateRevoked is of a certificate that is marked @revoked.
	HostCertificateRevoked Code = "host-certificate-revoked"
	// HostCertificateInvalid is of a certificate of a known authority that does not count.
	HostCertificateInvalid Code = "host-certificate-invalid"
	// KnownHostsUnreadable is of a known_hosts file that cannot be read.
	KnownHostsUnreadable Code = "known-hosts-unreadable"
	// KnownHostsMalformed is of a line of known_hosts that is none.
	KnownHostsMalformed Code = "known-hosts-malformed"
	// KeyFileUnreadable is of the key file of a vantage that cannot be read.
	KeyFileUnreadable Code = "key-file-unreadable"
	// KeyFileUseless is of a file that holds no private key.
	KeyFileUseless Code = "key-file-useless"
	// AgentUnreached is of an agent that is named and not there.
	AgentUnreached Code = "agent-unreached"
	// AgentMute is of an agent that does not answer.
	AgentMute Code = "agent-mute"
	// AgentFailed is of an agent that names no keys.
	AgentFailed Code = "agent-failed"
	// KeysRefused is of a login that none of the keys opened.
	KeysRefused Code = "keys-refused"
	// KeysMissing is of a login for which there is no key.
	KeysMissing Code = "keys-missing"
	// LoginFailed is of a login that broke off.
	LoginFailed Code = "login-failed"
	// LoginLimit is of a login that was not through in its time.
	LoginLimit Code = "login-limit"
	// ConfigLimit is of an ssh_config that was not read in its time.
	ConfigLimit Code = "ssh-config-limit"
	// InstallUnknown is of an install: that is none of the three words.
	InstallUnknown Code = "install-unknown"
	// InstallUnanswered is of a question to a person that nobody answered.
	InstallUnanswered Code = "install-unanswered"
)

// What becomes of an SSH connection that was there.
const (
	// ServerMute is of an SSH server that gives no sign of life.
	ServerMute Code = "ssh-server-mute"
	// ConnectionClosed is of a connection that was closed on this side.
	ConnectionClosed Code = "connection-closed"
	// ConnectionFailed is of a connection that ended.
	ConnectionFailed Code = "connection-failed"
	// CommandLimit is of a command that did not end in its time.
	CommandLimit Code = "command-limit"
	// CommandFailed is of a command of which the end is not known.
	CommandFailed Code = "command-failed"
	// ForwardRefused is of an SSH server that makes no connections for others.
	ForwardRefused Code = "forward-refused"
	// ForwardFailed is of a connection through an SSH server that failed.
	ForwardFailed Code = "forward-failed"
)

// Why no far end runs behind SSH.
const (
	// CommandsRefused is of a server that runs no commands.
	CommandsRefused Code = "commands-refused"
	// SystemUnknown is of a machine that does not say what system it is.
	SystemUnknown Code = "system-unknown"
	// SystemUnsupported is of a system for which kmsiso is not built.
	SystemUnsupported Code = "system-unsupported"
	// WindowsNotSent is of Windows, to which kmsiso is not sent over SSH.
	WindowsNotSent Code = "windows-not-sent"
	// FarEndNotInstalled is of a machine without kmsiso, to which none may be sent.
	FarEndNotInstalled Code = "far-end-not-installed"
	// FarEndNotPlaced is of a machine on which no file can be put.
	FarEndNotPlaced Code = "far-end-not-placed"
	// FarFolderOdd is of a folder that a far machine made under an odd name.
	FarFolderOdd Code = "far-folder-odd"
	// FarEndUnchecked is of a far end that was sent and cannot be compared.
	FarEndUnchecked Code = "far-end-unchecked"
	// FarEndDamaged is of a far end that arrived otherwise than it was sent.
	FarEndDamaged Code = "far-end-damaged"
	// FarEndNotRemoved is of a far end that may still be on the far machine.
	FarEndNotRemoved Code = "far-end-not-removed"
	// FarEndNotRunnable is of a far end that the far machine cannot run.
	FarEndNotRunnable Code = "far-end-not-runnable"
	// FarEndUnreleased is of a system for which no release binary is at hand.
	FarEndUnreleased Code = "far-end-unreleased"
	// FarEndUnreadable is of a release binary that cannot be read.
	FarEndUnreadable Code = "far-end-unreadable"
	// FarEndLimit is of a far end that said nothing in its time.
	FarEndLimit Code = "far-end-limit"
	// FarEndSaid is what a far end said beside the stream before it failed.
	FarEndSaid Code = "far-end-said"
)

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

// How a way over WinRM is declared wrong.
const (
	// WinRMAddressOdd: an address is none. Args: url.
	WinRMAddressOdd Code = "winrm-address-odd"
	// WinRMAddressSecret: an address holds a user or a password.
	WinRMAddressSecret Code = "winrm-address-with-secret"
	// TrustWithoutTLS: ca: or pin: is given for HTTP.
	TrustWithoutTLS Code = "trust-without-tls"
	// PinOdd: pin: is no SHA-256.
	PinOdd Code = "pin-odd"
)

// What a host answers that no WinRM does, or no command that kmsiso gives.
const (
	// WinRMAnswerLong: an answer is longer than any of WinRM. Args: address, most.
	WinRMAnswerLong Code = "winrm-answer-too-long"
	// AnswerNotSOAP: an answer is cut, or no SOAP. Args: words.
	AnswerNotSOAP Code = "answer-not-soap"
	// NameMissing: a host made something and gave it no name. Args: of.
	NameMissing Code = "winrm-name-missing"
	// SealBroken: a sealed answer does not have the right signature. Args: words.
	SealBroken Code = "seal-broken"
	// SealedAnswerMalformed: a sealed answer is not whole. Args: part.
	SealedAnswerMalformed Code = "sealed-answer-malformed"
	// OutputTooLong: a command printed more than is kept. Args: most.
	OutputTooLong Code = "output-too-long"
	// ExitCodeMissing: an output ends in no exit code. Args: words.
	ExitCodeMissing Code = "exit-code-missing"
	// ShellNotCmd: the shell of the host is not cmd.exe. Args: words.
	ShellNotCmd Code = "shell-not-cmd"
)

// What ping.exe, reg.exe and PowerShell do not tell.
const (
	// PingWithoutIPv6: ping.exe knows no IPv6. Args: host.
	PingWithoutIPv6 Code = "ping-without-ipv6"
	// PingAnswerOdd: what ping.exe printed is not understood. Args: to, flaw, exit, words.
	PingAnswerOdd Code = "ping-answer-odd"
	// ClockAnswerOdd: what PowerShell printed is no time of UTC. Args: exit, words.
	ClockAnswerOdd Code = "clock-answer-odd"
	// KeyNameOdd: a name is no key that is read. Args: key.
	KeyNameOdd Code = "key-name-odd"
	// RegToolEnded: reg.exe ended in another way. Args: exit, key, words.
	RegToolEnded Code = "reg-tool-ended"
	// KeysUnlisted: neither the key nor one above it can be listed. Args: key, words.
	KeysUnlisted Code = "keys-unlisted"
	// KeyListOdd: what is listed above a key contradicts itself. Args: key, words.
	KeyListOdd Code = "key-list-odd"
	// KeyNotReadable: the key is there and cannot be read. Args: key, words.
	KeyNotReadable Code = "key-not-readable"
)
