package ways

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var sshLogins = []entry.Entry{
	{
		Code: reason.HostKeyUnknown,
		Say: func(r reason.Reason) string {
			where := "no known_hosts file is there"
			if files := r.Words("files"); len(files) > 0 {
				where = "it is not in " + strings.Join(files, " or ")
			}
			return fmt.Sprintf("unknown host key of %s: %s. The host offers %s: compare that with the host's own "+
				"(ssh-keygen -lf on its /etc/ssh/ssh_host_*_key.pub), then add the host's public key to %s under the name %s",
				r.Word("host"), where, r.Word("offered"), r.Word("file"), r.Word("name"))
		},
		Means: "No known_hosts file has a key of the host, so nothing tells it from another machine. Nothing was sent to it. Compare the key by another way, then add it.",
	},
	{
		Code: reason.HostKeyChanged,
		Say: func(r reason.Reason) string {
			offered := r.Word("offered")
			if kinds := r.Word("kinds"); kinds != "" {
				offered = "only keys of other kinds (" + kinds + ")"
			}
			return fmt.Sprintf("changed host key of %s: %s, but the host offers %s. Another machine may answer in its place: "+
				"nothing was sent to it. If the host was given a new key, remove that line (ssh-keygen -R '%s' -f %s) and add the new key",
				r.Word("host"), entry.Text(r.Because("known")), offered, r.Word("name"), r.Word("file"))
		},
		Means: "The host shows another key than the known one. It was installed anew, or another machine answers in its place. Nothing was sent to it, and no credential is shown to that machine in this run.",
	},
	{
		Code:  reason.HostKeyKnown,
		Text:  "{file} line {line} has {key}",
		Means: "A key by which a known_hosts file knows the host, and where it stands.",
	},
	{
		Code:  reason.HostKeyRevoked,
		Text:  "host key of {host}: {offered} is marked @revoked in {file} line {line}",
		Means: "The host shows a key that somebody marked as no longer to be trusted. Nothing was sent to it.",
	},
	{
		Code: reason.HostKeyUncertified,
		Text: "host key of {host}: the host shows no certificate of the authority in {lines}, and its own key is not in known_hosts. " +
			"The host offers {offered}: have its key signed, or compare it with the host's own (ssh-keygen -lf on its /etc/ssh/ssh_host_*_key.pub) " +
			"and add it under the name {name}",
		Means: "An authority is trusted for the host (@cert-authority), and the host shows a bare key that the authority did not sign. Nothing was sent to it.",
	},
	{
		Code:  reason.HostKeyUnchecked,
		Text:  "host key of {host} ({offered}): {words}",
		Means: "The host key could not be compared with known_hosts, for the reason that the library gives. Nothing was sent to the host.",
	},
	{
		Code:  reason.HostCertificateRevoked,
		Text:  "host key of {host}: its certificate {id|q}, or the authority that signed it, is marked @revoked in known_hosts",
		Means: "The host shows a certificate that somebody marked as no longer to be trusted. Nothing was sent to it.",
	},
	{
		Code:  reason.HostCertificateInvalid,
		Text:  "host key of {host}: its certificate {id|q} is of a known authority and does not count: {words}",
		Means: "The certificate of the host is signed by a trusted authority, and has expired, is not valid yet, or is for another name. Nothing was sent to the host.",
	},
	{
		Code:  reason.KnownHostsUnreadable,
		Text:  "known_hosts: {words}",
		Means: "A known_hosts file is there and cannot be read, so no host key can be compared. See its rights.",
	},
	{
		Code:  reason.KnownHostsMalformed,
		Text:  "{words}; put that line right or remove it",
		Means: "A line of known_hosts is not understood. A key that is overlooked for that may be the one that matters, so none is compared.",
	},
	{
		Code:  reason.KeyFileUnreadable,
		Text:  "key file: {words}",
		Means: "The key file that the policy names for the vantage cannot be read. See its path and its rights.",
	},
	{
		Code:  reason.KeyFileUseless,
		Text:  "key file {file} is no private key that can be read",
		Means: "The file that the policy names for the vantage is there and holds no private key in a known form. What it holds is not shown.",
	},
	{
		Code:  reason.AgentUnreached,
		Text:  "ssh agent {agent}: {words}; start it again, or unset SSH_AUTH_SOCK",
		Means: "An SSH agent is named, by SSH_AUTH_SOCK or ssh_config, and nothing listens there.",
	},
	{
		Code:  reason.AgentMute,
		Text:  "ssh agent {agent} does not answer: {why}",
		Means: "The SSH agent took the question for its keys and did not answer in the time that the login may take.",
	},
	{
		Code:  reason.AgentFailed,
		Text:  "ssh agent {agent}: {words}",
		Means: "The SSH agent did not name its keys, for the reason that it gives.",
	},
	{
		Code: reason.KeysRefused,
		Say: func(r reason.Reason) string {
			return keys(r, "the host takes none of the keys offered ("+r.Word("tried")+")")
		},
		Means: "The host was reached, its key is the known one, and it takes none of the keys that were offered for this account. See the account and its authorized_keys.",
	},
	{
		Code:  reason.KeysMissing,
		Say:   func(r reason.Reason) string { return keys(r, "there is no key to offer") },
		Means: "The host was reached, and neither the policy, ssh_config, the agent nor the default files have a key that could be offered.",
	},
	{
		Code:  reason.LoginFailed,
		Text:  "log in at {login}: {words}",
		Means: "The SSH connection broke off before the login was through, for the reason that is quoted. The server may be overloaded, or be no SSH server.",
	},
	{
		Code:  reason.LoginLimit,
		Text:  "no login at {login} within {limit}",
		Means: "Connecting, the host key and the login together took longer than a way may take.",
	},
	{
		Code:  reason.ConfigLimit,
		Text:  "ssh_config was not read within {limit}",
		Means: "ssh -G, which says what ssh_config means, did not end in time. A Match exec in ssh_config may hang.",
	},
	{
		Code:  reason.InstallUnknown,
		Text:  "install: {word|q} is none of never, ask, auto",
		Means: "The policy says of the way how kmsiso gets to the far machine, with a word that is none of the three.",
	},
	{
		Code:  reason.InstallUnanswered,
		Text:  "nobody said whether kmsiso may be sent: {why}",
		Means: "The policy says install: ask, and nobody answered the question in time.",
	},
}

// keys says why no key opened a login, and of which files more could be had.
func keys(r reason.Reason, why string) string {
	text := "login refused for " + r.Word("login") + ": " + why
	if locked := r.Word("locked"); locked != "" {
		text += "; " + locked + " has a passphrase: give it to the agent with ssh-add"
	}
	if useless := r.Word("useless"); useless != "" {
		text += "; " + useless + " holds nothing that can be used here"
	}
	return text + "; put the public half of the right key into the account's authorized_keys there"
}

var sshConnections = []entry.Entry{
	{
		Code:  reason.ServerMute,
		Text:  "the SSH server at {host} gives no sign of life: nothing came from it for {limit}",
		Means: "The connection is there, and the server stopped answering on it. The machine may be gone, asleep or cut off, without a word.",
	},
	{
		Code:  reason.ConnectionClosed,
		Text:  "the connection to {host} is closed",
		Means: "The connection was closed on this side before this was asked, mostly because the run ended.",
	},
	{
		Code:  reason.ConnectionFailed,
		Text:  "the connection failed: {words}",
		Means: "The SSH connection ended while it was in use, for the reason that is quoted.",
	},
	{
		Code:  reason.CommandLimit,
		Text:  "{host}: no end within {limit} of: {command}",
		Means: "A command on the far machine did not end in its time, so the connection was given up. The command is one of kmsiso's own, and takes a moment on a machine that is well.",
	},
	{
		Code:  reason.CommandFailed,
		Text:  "a command on the far side: {words}",
		Means: "How a command on the far machine ended is not known, for the reason that is quoted.",
	},
	{
		Code:  reason.ForwardRefused,
		Text:  "tcp to {to} through ssh: the server at {host} does not forward ({words}); see AllowTcpForwarding and PermitOpen in its sshd_config",
		Means: "No kmsiso runs on the far machine, so its SSH server was asked to make the connection, and it makes none for others. Nothing is known of the port.",
	},
	{
		Code:  reason.ForwardFailed,
		Text:  "tcp to {to} through ssh: {why}",
		Means: "A connection through the SSH server failed because the SSH connection itself did. Nothing is known of the port.",
	},
}

var sshFarEnds = []entry.Entry{
	{
		Code:  reason.CommandsRefused,
		Text:  "the server runs no commands ({words})",
		Means: "The SSH server lets the account in and runs nothing for it. What is left is TCP through the server.",
	},
	{
		Code:  reason.SystemUnknown,
		Text:  "no shell there that says what system it is: uname -sm gave {words|q}",
		Means: "The far machine answers neither uname nor ver in a known form, as appliances do. Nothing was sent to it; what is left is TCP through its SSH server.",
	},
	{
		Code:  reason.SystemUnsupported,
		Text:  "kmsiso is not built for {system|q}",
		Means: "The far machine is of a system or processor for which there is no release. What is left is TCP through its SSH server.",
	},
	{
		Code:  reason.WindowsNotSent,
		Text:  "kmsiso is not sent to Windows over ssh: install it there and set install: never, or use winrm",
		Means: "Over SSH kmsiso is sent to Linux and macOS alone. What is left is TCP through the SSH server.",
	},
	{
		Code:  reason.FarEndNotInstalled,
		Text:  "no kmsiso is on the PATH there, and none may be sent (install: {install})",
		Means: "The policy says that nothing is sent to the machine, and no kmsiso is installed there. What is left is TCP through the SSH server.",
	},
	{
		Code: reason.FarEndNotPlaced,
		Say: func(r reason.Reason) string {
			if dir := r.Word("folder"); dir != "" {
				return fmt.Sprintf("kmsiso cannot be put into %s there: %s", dir, r.Word("words"))
			}
			return "kmsiso cannot be put there: " + r.Word("words")
		},
		Means: "The account cannot write a file and run it on the far machine: the disk is full, or everything writable is mounted noexec. What is left is TCP through the SSH server.",
	},
	{
		Code:  reason.FarFolderOdd,
		Text:  "kmsiso cannot be put there: mktemp made a directory with the odd name {folder|q}",
		Means: "The far machine named a folder in a form that is not used in a command. What is left is TCP through the SSH server.",
	},
	{
		Code:  reason.FarEndUnchecked,
		Text:  "what was sent cannot be checked there, so it is not run: sha256sum, shasum and openssl gave no SHA-256 ({words})",
		Means: "Nothing on the far machine makes a SHA-256, so what arrived cannot be compared, and was not run. What is left is TCP through the SSH server.",
	},
	{
		Code: reason.FarEndDamaged,
		Text: "the far end arrived damaged or changed at {host}: SHA-256 sent {sent}, there {arrived}; it was not run. " +
			"Look for a full disk or for something on that host that rewrites files",
		Means: "What arrived on the far machine is not what was sent, so it was not run. This is an error and not a lack: something there changes files.",
	},
	{
		Code:  reason.FarEndNotRemoved,
		Text:  "remove {folder} at {host}: {words}; the far end removes it itself when it ends, see that it is gone",
		Means: "The folder with the kmsiso that was sent could not be removed at the end. The far end removes it as well when it ends.",
	},
	{
		Code:  reason.FarEndNotRunnable,
		Text:  "kmsiso cannot be run there: {words}",
		Means: "The far machine has the file and cannot run it (exit status 126 or 127). What is left is TCP through the SSH server.",
	},
	{
		Code:  reason.FarEndUnreleased,
		Text:  "there is no far end for {system}: put the release binary {file} into {folder}",
		Means: "The far machine is of another system than the controller, and the release for it is not at hand. Put it beside kmsiso.",
	},
	{
		Code:  reason.FarEndUnreadable,
		Text:  "far end for {system}: {words}",
		Means: "The release for the system of the far machine is there and cannot be read. See its rights.",
	},
	{
		Code:  reason.FarEndLimit,
		Text:  "no word from it within {limit}",
		Means: "kmsiso was started on the far machine and did not say hello in its time. A slow disk or a virus scanner may hold it up.",
	},
	{
		Code:  reason.FarEndSaid,
		Text:  "{why}; it said: {words}",
		Means: "What the program on the far side wrote beside the stream before it failed. Its own words often name the cause.",
	},
}
