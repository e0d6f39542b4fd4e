package reason

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
