package reason

// What keeps a connection from being made.
const (
	// NameUnresolved is of a name without an address.
	NameUnresolved Code = "name-unresolved"
	// NameNotLookedUp is of a name for which the controller did not ask.
	NameNotLookedUp Code = "name-not-looked-up"
	// VantageAddressesUnknown is of a vantage that declares no addresses and was not
	// connected.
	VantageAddressesUnknown Code = "vantage-addresses-unknown"
	// NothingAnswers is of a connection that nothing answered.
	NothingAnswers Code = "nothing-answers"
	// ConnectionRefused is of a port at which nothing listens.
	ConnectionRefused Code = "connection-refused"
	// HostUnreachable is of an address to which no way leads.
	HostUnreachable Code = "host-unreachable"
	// NotConnected is of a connection that failed for another reason.
	NotConnected Code = "not-connected"
	// ConnectionBroke is of a connection that ended before the answer came.
	ConnectionBroke Code = "connection-broke"
	// AnswerLimit is of a peer that took the connection and did not answer in time.
	AnswerLimit Code = "answer-limit"
	// NoTLS is of a port that does not speak TLS.
	NoTLS Code = "no-tls"
	// CertificateUntrusted is of a certificate of an unknown authority.
	CertificateUntrusted Code = "certificate-untrusted"
	// CertificateInvalid is of a certificate that has expired or is for another name.
	CertificateInvalid Code = "certificate-invalid"
	// MachineDistrusted is of a machine that showed an identity that is not its own.
	MachineDistrusted Code = "machine-distrusted"
	// OtherHostKey is of a machine that showed another host key than the known one.
	OtherHostKey Code = "other-host-key"
	// OtherCertificate is of a machine that showed another certificate than the
	// trusted one.
	OtherCertificate Code = "other-certificate"
)
