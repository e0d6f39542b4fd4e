package traffic

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// sees is what an observation came to, after the name of what was asked.
func sees(r reason.Reason) string {
	said := strings.TrimPrefix(r.Word("at")+" ", " ")
	words := r.Word("words")
	if why := r.Because("why"); why != nil {
		words = entry.Text(why)
	}
	switch class := r.Word("class"); {
	case class == "error":
		said += "in error (" + words + ")"
	case class == "missing":
		said += "not able (" + words + ")"
	case class == "weak":
		said += "answered, by its own word only"
	case r.Word("for") != "":
		said += class + " for " + r.Word("for")
	case r.Word("in") != "":
		said += "answered in " + r.Word("in")
	case words != "":
		said += fmt.Sprintf("%s (%s)", class, words)
	default:
		said += class
	}
	if bind := r.Word("bind"); bind != "" {
		said += "; RPC bind to the KMS interface " + bind
	}
	return said
}

var observed = []entry.Entry{
	{Code: reason.Seen, Say: sees,
		Means: "What became of one packet or connection. It stands beside a verdict as evidence, and nothing is concluded from it alone."},
	{Code: reason.NotObserved, Text: "not observed in this run",
		Means: "The run has no observation of what the cell needs, as where it was planned by another policy. Nothing can be said of the cell. Run again."},
	{Code: reason.PlaceNotObserved, Text: "{at} was not observed: {why}",
		Means: "The tool could not look there, so the cell says nothing of that address or port. The reason behind it says why."},
	{Code: reason.NoAddressOfFamily, Text: "no address of this family is declared",
		Means: "The host has no IPv4 address, or no IPv6 address, in kmsiso.yaml. Nothing was tried over that family. Declare the address if the host has one."},
	{Code: reason.NoIPv4ForNATT, Text: "no IPv4 address is declared; NAT-T is not for IPv6",
		Means: "NAT traversal is for IPv4 alone, and the host has no IPv4 address in kmsiso.yaml."},
	{Code: reason.NoIPv6AtVantage, Text: "{vantage} has no IPv6 address: nothing can be tried from there",
		Means: "The vantage cannot send over IPv6, so the denials over IPv6 are not tested from it. Use an outsider that has an IPv6 address."},
	{Code: reason.StageIsRequest, Text: "stage is request: outsiders still pass, and may",
		Means: "At stage request the hosts ask for IPsec and do not require it. Outsiders are not denied yet, so nothing is tried."},
	{Code: reason.ScopeIsKMSPort, Text: "scope is kms-port: ping is not isolated, TCP 1688 is judged",
		Means: "The declared isolation protects the KMS port alone. Ping is outside of it."},

	{Code: reason.OutsiderAnswered, Text: "{at} answered {vantage} in clear",
		Means: "A machine that is neither a domain member nor exempt got an answer. The host does not deny outsiders there."},
	{Code: reason.OutsiderAccepted, Text: "{at} accepted the connection of {vantage} in clear",
		Means: "A machine that is neither a domain member nor exempt could connect. What answers did not finish its protocol, but the port is open to outsiders."},
	{Code: reason.OutsiderRefusedByHost, Text: "{at} refused {vantage} itself (hop count {hops}, as in its IKE answer): it took the packet in clear",
		Means: "The refusal has the hop count of the host's own IKE answer, so the host itself sent it. A host that requires IPsec drops the packet and says nothing."},
	{Code: reason.RefuserUnknown, Text: "{at} refused in clear; without the hop counts of the refusal and of an IKE answer nobody can tell the host from a middlebox (run the vantage with the right to raw sockets)",
		Means: "Something refused the outsider. Hop counts would tell whether it was the host or a device before it, and they are not known here."},
	{Code: reason.OutsiderNotSent, Text: "{at} not tried: {vantage} could not send: {words}; that is the vantage's own fault and proves nothing",
		Means: "The system of the vantage did not send the packet. Silence would prove nothing, so the cell is an error."},
	{Code: reason.OutsiderNoRoute, Text: "{at} not tried: {vantage} has no route ({words})",
		Means: "The vantage has no route to the host, so it cannot test whether the host denies it. Give it a route."},
	{Code: reason.OutsiderNoName, Text: "{at} not tried: {host} has no address",
		Means: "The name of the host has no address for this vantage, so nothing was sent."},
	{Code: reason.OutsiderUnreachable, Text: "{at} cannot be reached at all: {words}",
		Means: "The network says that the host cannot be reached. Nobody can tell whether the host would deny the outsider."},
	{Code: reason.OutsiderUnknown, Text: "{at} has no known outcome: {words}",
		Means: "The way into the vantage does not tell what became of the packet. It proves neither an answer nor a deny."},
	{Code: reason.UnexpectedClass, Text: "{at} came to the unexpected class {class|q}",
		Means: "The observation has an outcome that this version of kmsiso does not know."},
	{Code: reason.NoControlBefore, Text: "{at} silent, but no allowed vantage was answered there before: {why|comma}",
		Means: "A deny is proved only if somebody who may reach the host was answered at the same address and port just before. Nobody was."},
	{Code: reason.NoControlAfter, Text: "{at} silent, but no allowed vantage was answered there afterwards: {why|comma}",
		Means: "A deny is proved only if somebody who may reach the host is still answered after the silence. Nobody was."},
	{Code: reason.NoControlDeclared, Text: "the policy has no domain and no exempt vantage; declare one",
		Means: "Without a vantage that may reach the host nobody can tell a deny from a host that is down."},
	{Code: reason.NoControlOfUse, Text: "every domain vantage is behind NAT or there is none, and no exempt vantage is exempt towards the host; declare one of use",
		Means: "Without a vantage that may reach the host nobody can tell a deny from a host that is down. A vantage behind NAT may be shut out by the translation alone, so it is no such control."},
	{Code: reason.NotAsked, Text: "{vantage} was not asked",
		Means: "The vantage was not asked for this, so it proves nothing."},
	{Code: reason.VantageNotAlive, Text: "{at} silent, but nothing shows that {vantage} is alive: {why|comma}",
		Means: "Nothing beyond its gateway answers the outsider, so its silence may be its own. Look at its network, or name something that answers it under alive."},
	{Code: reason.NoAliveAddress, Text: "nothing under alive: has an address of this family",
		Means: "The vantage declares no endpoint that could show over this family that it is alive."},
	{Code: reason.OwnEgressMayBlock, Text: "{at} silent, but {vantage}'s own {protocol} may be the reason: {why|comma}",
		Means: "No other machine answers the outsider on this port either, so a filter on its own side may be why it is silent."},
	{Code: reason.NoEgressControl, Text: "name something that answers it (alive: under vantage {vantage})",
		Means: "No machine is declared that answers the vantage on this port."},
	{Code: reason.Denied, Text: "denied: {at}",
		Means: "The addresses and ports that were proved to deny the outsider."},
	{Code: reason.DenyUnattributed, Text: "denied, but the reason is not known: {why}",
		Means: "The outsider is denied, and nothing shows that it is the host that denies it. Watch the wire at the host, or declare a directory."},
	{Code: reason.PathDenies, Text: "denied on the path: {why}",
		Means: "A device before the host denies the outsider. Whether the host would is not tested from here."},
	{Code: reason.DeniedOnPath, Text: "the path denies before the host can: its isolation is not tested from here",
		Fix:      "test from a vantage in the host's own segment, or open the path for the test",
		Severity: run.Warn,
		Means:    "A filter on the path stops the packets before they arrive. If it is taken away one day, the host alone must deny, and that is not tested."},
	{Code: reason.ArrivedUnanswered, Text: "{watch} saw the packets of {vantage} arrive at {at}, and nothing answered",
		Means: "The packets of the outsider were seen on the host's own wire, and the host said nothing. The host itself denies."},
	{Code: reason.PairedAnswered, Text: "exempt {pair}, in the same subnet, is answered by {at} in clear",
		Means: "An exempt machine beside the outsider is answered, so the path is open and the host tells them apart."},
	{Code: reason.NeverArrives, Text: "the packets of {vantage} for {at} never arrive on the host's segment",
		Means: "The wire at the host was watched, and the outsider's packets were not on it. Something before the host stops them."},
	{Code: reason.ArrivalUnknown, Text: "nothing shows whether the packets of {vantage} arrive at {host}",
		Means: "Nobody watched the wire at the host, or the host sees the vantage under an address that others have too, or that is not declared. No configuration that was read explains the deny."},
	{Code: reason.MiddleboxRefuses, Text: "a middlebox refused {at} (hop count {hops}; the host's is {host-hops})",
		Means: "The refusal has another hop count than the host's own answers, so another device sent it."},
	{Code: reason.PathSays, Text: "{from} said of {at}: {words}",
		Means: "A router answered with an ICMP error that says that the packets are prohibited."},
	{Code: reason.AppliedPolicyRequires, Text: "the policy applied on {host} requires protection from {vantage} there ({rule})",
		Means: "The host's own registry has a rule that requires IPsec from this address, which explains the deny."},
	{Code: reason.DirectoryPolicyRequires, Text: "{host} is told to require protection from {vantage} there ({rule})",
		Means: "Group Policy gives the host a rule that requires IPsec from this address, which explains the deny."},

	{Code: reason.WeakAnswer, Text: "{to} answered, but {words}",
		Means: "The only witness of the answer is a text that a program printed, which proves nothing by itself."},
	{Code: reason.BindNotAccepted, Text: "{to} accepts connections, but the RPC bind to the KMS interface is {bind}: no KMS host listens there",
		Means: "The port is open, and what listens there is not the KMS service."},
	{Code: reason.PortRefuses, Text: "{to} refuses: reachable, but nothing listens",
		Means: "The machine is reached and says no: the service is stopped or listens on another port."},
	{Code: reason.AnswerCutShort, Text: "{to} accepts connections, but its answer is cut short or no RPC: {words}",
		Means: "The connection came about and the answer was not whole. A device on the path or another service answers."},
	{Code: reason.NotSent, Text: "{vantage} could not send to {to}: {words}",
		Means: "The system of the vantage did not send the packet. It is the vantage's own fault and says nothing of the host."},
	{Code: reason.HostNameUnresolved, Text: "{host} has no address",
		Means: "The name has no address for this vantage."},
	{Code: reason.NoRoute, Text: "{vantage} has no route to {to} ({words})",
		Means: "The vantage has no route to an address that it must reach."},
	{Code: reason.Unreachable, Text: "{to} cannot be reached: {words}",
		Means: "The network says that the address cannot be reached from this vantage."},
	{Code: reason.OutcomeUnknown, Text: "{to} has no known outcome: {words}",
		Means: "The way into the vantage does not tell what became of the packet."},
	{Code: reason.VantageCutOff, Text: "{to} is silent, and so is everything else that should answer {vantage} ({why|comma})",
		Means: "Nothing at all answers the vantage, so the fault is at the vantage or next to it, not at the host."},
	{Code: reason.SilentToMember, Text: "{to} is silent, and its UDP 500 {ike}",
		Means: "The host does not answer a domain member, and what its IKE port says is shown beside it."},
	{Code: reason.SilentButIKE, Text: "{to} is silent, though its UDP 500 answers IKE",
		Means: "IKE is answered, so the host is there. The negotiation or ESP fails, or a filter stops the port."},
	{Code: reason.Silent, Text: "{to} is silent",
		Means: "Nothing came back from an address that must answer this vantage."},
	{Code: reason.NATTSilent, Text: "UDP 4500 {seen}",
		Means: "The port of NAT traversal does not answer either, and IPsec behind NAT needs it."},
	{Code: reason.AnyRPCInterface, Text: "{at} accepts any RPC interface, so what answers is no Windows KMS host",
		Means: "A Windows RPC runtime rejects an interface that nobody has registered. An emulator of KMS or a proxy accepts it."},
	{Code: reason.AnyInterface, Text: "{at} accepts an RPC bind to a random interface: this is no Windows RPC endpoint",
		Fix:      "find out what listens there; a KMS emulator or a proxy answers for the host",
		Severity: run.Critical,
		Means:    "A Windows RPC runtime rejects an interface that nobody has registered. What listens there is something else."},
	{Code: reason.FirstPacketsLost, Text: "{to} answered after {lost} lost packets, as while IPsec is negotiated",
		Severity: run.Info,
		Means:    "The first packets are dropped while IPsec is negotiated. That is normal on a first connection."},
	{Code: reason.SlowNegotiation, Text: "{to} answered after {in} only",
		Fix:      "look for a slow or distant domain controller, or a first keying module that is not answered",
		Severity: run.Warn,
		Means:    "The negotiation took so long that users notice it. Windows gives a TCP connection 21 seconds."},
}
