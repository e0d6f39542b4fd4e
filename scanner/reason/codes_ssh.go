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
