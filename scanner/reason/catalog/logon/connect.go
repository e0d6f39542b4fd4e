package logon

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// connections are why no connection comes about. Each protocol adds what to look
// at there; the cause is the same.
var connections = []entry.Entry{
	{
		Code: reason.NameUnresolved,
		Say: func(r reason.Reason) string {
			switch r.Word("service") {
			case "winrm", "directory":
				return fmt.Sprintf("the name %s does not resolve: %s", r.Word("host"), r.Word("words"))
			case "":
				if r.Word("words") == "" {
					return r.Word("host") + " has no address"
				}
				return fmt.Sprintf("the controller could not resolve %s: %s", r.Word("host"), r.Word("words"))
			}
			return notConnected(r)
		},
		Means: "The controller asked its resolver for the name and got no address. See the name in the policy, and the resolver.",
	},
	{
		Code:  reason.NameNotLookedUp,
		Text:  "{name} was not resolved in this run",
		Means: "The controller did not ask for the name, so nothing was sent there. A document that was made by hand or by another kmsiso may lack the addresses.",
	},
	{
		Code:  reason.VantageAddressesUnknown,
		Text:  "vantage {vantage} declares no addresses; they are learned when it is connected",
		Means: "The policy gives the vantage no addresses, and kmsiso learns them from the vantage itself. Declare them where something else must reach it.",
	},
	{
		Code: reason.NothingAnswers,
		Say: func(r reason.Reason) string {
			switch r.Word("service") {
			case "directory":
				return "no answer within the time given: it is down or filtered"
			case "winrm":
				return fmt.Sprintf("%s: nothing answered within %s: it is down, filtered, or isolated from here", r.Word("address"), r.Word("limit"))
			}
			if why := r.Because("why"); why != nil {
				return fmt.Sprintf("connect to %s: nothing answered: %s", r.Word("address"), entry.Text(why))
			}
			return notConnected(r)
		},
		Means: "Nothing came back for the connection, neither a yes nor a no. The machine is down, a filter drops the packets, " +
			"or isolation shuts the controller out. Of a KMS host under stage require the last one is as it should be.",
	},
	{
		Code:  reason.ConnectionRefused,
		Say:   notConnected,
		Means: "The machine is there and nothing listens on the port. Start the service of the way (WinRM, an SSH server), or correct the port.",
	},
	{
		Code:  reason.HostUnreachable,
		Say:   notConnected,
		Means: "The controller has no route to the address, or a router said that none leads there. See routes, the gateway, and whether the machine is on.",
	},
	{
		Code:  reason.NotConnected,
		Say:   notConnected,
		Means: "The connection was not made, for the reason that the system of the controller gives.",
	},
	{
		Code: reason.ConnectionBroke,
		Say: func(r reason.Reason) string {
			if r.Word("address") == "" {
				return entry.Fill("the connection broke: {why}", r)
			}
			return entry.Fill("{address}: the connection broke: {why}", r)
		},
		Means: "The connection was made and ended before the answer came, for the reason that is named. The machine may be overloaded, or something between closed it.",
	},
	{
		Code: reason.AnswerLimit,
		Say: func(r reason.Reason) string {
			if r.Word("address") == "" {
				return "it took the connection and did not answer within the time given"
			}
			return entry.Fill("{address} took the connection and did not answer within the time given: {words}", r)
		},
		Means: "The port accepts connections and whatever listens there does not answer in time. The service may hang, or a middlebox may accept in its place.",
	},
	{
		Code: reason.NoTLS,
		Say: func(r reason.Reason) string {
			if r.Word("service") == "directory" {
				return "it does not speak TLS there; is it the port of ldap:// (389)?"
			}
			return entry.Fill("{address} does not speak TLS; is it the HTTP port (5985)?", r)
		},
		Means: "The policy says https:// or ldaps:// and the port answers without TLS. HTTPS of WinRM is on port 5986, LDAP inside TLS on 636.",
	},
	{
		Code: reason.CertificateUntrusted,
		Say: func(r reason.Reason) string {
			if r.Word("service") == "directory" {
				return entry.Fill("the certificate of {subject|q}, issued by {issuer|q}, is not trusted; name its authority with ca: (a PEM file)", r)
			}
			return entry.Fill("the certificate of {address} is not trusted; name its authority with ca: (a PEM file), or itself with pin: (its SHA-256)", r)
		},
		Means: "The host shows a certificate that no trusted authority signed. Nothing was sent to it. Name the authority, or the certificate itself.",
	},
	{
		Code: reason.CertificateInvalid,
		Say: func(r reason.Reason) string {
			if r.Word("service") == "directory" {
				return entry.Fill("the certificate of {subject|q}, issued by {issuer|q}, is not valid: {words}", r)
			}
			return entry.Fill("the certificate of {address} is not valid for it: {words}; name the certificate itself with pin: if it is the right one", r)
		},
		Means: "The certificate of the host has expired, is not valid yet, or is for another name. Nothing was sent to the host.",
	},
	{
		Code:  reason.MachineDistrusted,
		Text:  "no credential is shown to {host} in this run: {found}",
		Means: "The machine showed a host key or a certificate that is not the known one, under this name or an address of it. Somebody else may answer in its place, so nothing is shown to it in this run, by whatever protocol.",
	},
	{
		Code:  reason.OtherHostKey,
		Text:  "its host key is not the known one (SSH to {host})",
		Means: "A way over SSH found another host key than the one that known_hosts has. See that way for the keys.",
	},
	{
		Code:  reason.OtherCertificate,
		Text:  "its certificate is not the trusted one ({protocol} to {address})",
		Means: "A connection with TLS found a certificate that is neither pinned nor signed by a trusted authority. See that connection for what it showed.",
	},
}

func notConnected(r reason.Reason) string {
	switch r.Word("service") {
	case "winrm":
		return fmt.Sprintf("no connection to %s: %s; is WinRM on there (winrm quickconfig)?", r.Word("address"), r.Word("words"))
	case "directory":
		return "no connection: " + r.Word("words")
	}
	return fmt.Sprintf("connect to %s: %s", r.Word("address"), r.Word("words"))
}
