//go:build lab

package wire

import (
	"bytes"
	"encoding/hex"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// The judges of this file are tools of others: Wireshark's dissectors and
// impacket's classes. They are needed: without them the tests fail.

// tool runs a foreign program and returns what it printed.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.String())
	}
	return string(out)
}

// dissect writes one frame to a capture and has tshark decode it.
func dissect(t *testing.T, frame []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "one.pcap")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapgo.NewWriter(f)
	info := gopacket.CaptureInfo{Timestamp: time.Unix(1700000000, 0), CaptureLength: len(frame), Length: len(frame)}
	if err := w.WriteFileHeader(65535, layers.LinkTypeEthernet); err != nil {
		t.Fatal(err)
	}
	if err := w.WritePacket(info, frame); err != nil {
		t.Fatal(err)
	}
	return tool(t, "tshark", "-n", "-r", file, "-V", "-d", "tcp.port==1688,dcerpc")
}

// complaints are the lines in which the dissector finds something wrong.
func complaints(dissected string) (list []string) {
	for line := range strings.Lines(dissected) {
		low := strings.ToLower(line)
		if strings.Contains(low, "malformed") || strings.Contains(low, "expert info (error") || strings.Contains(low, "expert info (warn") {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

func clean(t *testing.T, dissected string) {
	t.Helper()
	if c := complaints(dissected); c != nil {
		t.Errorf("the dissector complains: %q\n%s", c, dissected)
	}
}

// A judge that finds everything good is none.
func TestWiresharkComplainsOfWrongOctets(t *testing.T) {
	over := func(b []byte) string {
		return dissect(t, ethernetFrame(t, false, layers.IPProtocolUDP, &layers.UDP{SrcPort: 500, DstPort: 500}, gopacket.Payload(b)))
	}
	for _, p := range Protocols {
		b := Initiate(p, fixedSeeds()).Bytes
		b[isakmpHeader+2] = 0x7f // the length of the first payload
		if complaints(over(b)) == nil {
			t.Errorf("%s: no complaint of a payload that is longer than the message", p)
		}
	}
}

func contains(t *testing.T, dissected string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(dissected, w) {
			t.Errorf("the dissector does not say %q:\n%s", w, dissected)
		}
	}
}

func TestWiresharkReadsIKE(t *testing.T) {
	tests := []struct {
		protocol Protocol
		want     []string
	}{
		{IKEv1Kerberos, []string{"Identity Protection (Main Mode)", "AES-CBC", "3DES-CBC", "SHA", "Alternate 1024-bit MODP group", "65001", "RFC 3947", "28800"}},
		{IKEv1PSK, []string{"Identity Protection (Main Mode)", "Pre-shared key"}},
		{AuthIP, []string{"243", "133", "Nonce", "RFC 3947"}},
		{IKEv2, []string{"IKE_SA_INIT", "ENCR_AES_CBC", "PRF_HMAC_SHA2_256", "AUTH_HMAC_SHA1_96", "2048 bit MODP group", "Nonce"}},
	}
	for _, tt := range tests {
		t.Run("large "+string(tt.protocol), func(t *testing.T) {
			s := fixedSeeds()
			s.Size = LargeSize
			out := dissect(t, ethernetFrame(t, false, layers.IPProtocolUDP, &layers.UDP{SrcPort: PortIKE, DstPort: PortIKE}, gopacket.Payload(Initiate(tt.protocol, s).Bytes)))
			clean(t, out)
			contains(t, out, "Length: 2000", "Vendor ID")
			contains(t, out, tt.want...)
		})
		for _, port := range []layers.UDPPort{PortIKE, PortNATT} {
			for _, v6 := range []bool{false, true} {
				s := fixedSeeds()
				if v6 {
					s.Remote = netip.AddrPortFrom(host6, uint16(port))
				}
				message := Initiate(tt.protocol, s).Bytes
				if port == PortNATT {
					message = Mark(message)
				}
				t.Run(string(tt.protocol)+" "+netip.AddrPortFrom(s.Remote.Addr(), uint16(port)).String(), func(t *testing.T) {
					out := dissect(t, ethernetFrame(t, v6, layers.IPProtocolUDP, &layers.UDP{SrcPort: port, DstPort: port}, gopacket.Payload(message)))
					clean(t, out)
					contains(t, out, "Internet Security Association and Key Management Protocol", "Initiator SPI: a1b2c3d4e5f60718")
					contains(t, out, tt.want...)
				})
			}
		}
	}
}

func TestWiresharkReadsBind(t *testing.T) {
	for name, iface := range map[string][16]byte{"KMS": KMSInterface, "random": {1, 2, 3, 4, 5, 6, 7, 0x48, 0x89}} {
		t.Run(name, func(t *testing.T) {
			frame := ethernetFrame(t, false, layers.IPProtocolTCP,
				&layers.TCP{SrcPort: 40000, DstPort: 1688, Seq: 1, Ack: 1, ACK: true, PSH: true, Window: 65535}, gopacket.Payload(Bind(iface)))
			out := dissect(t, frame)
			clean(t, out)
			contains(t, out, "Packet type: Bind (11)", "Num Ctx Items: 1", "8a885d04-1ceb-11c9-9fe8-08002b104860")
			if name == "KMS" {
				contains(t, out, "51c82175-844e-4750-b0d8-ec255555bc06")
			}
		})
	}
}

func TestWiresharkReadsPaddedBind(t *testing.T) {
	frame := ethernetFrame(t, true, layers.IPProtocolTCP,
		&layers.TCP{SrcPort: 40000, DstPort: 1688, Seq: 1, Ack: 1, ACK: true, PSH: true, Window: 65535}, gopacket.Payload(BindContexts(KMSInterface, 12)))
	out := dissect(t, frame)
	clean(t, out)
	contains(t, out, "Packet type: Bind (11)", "Num Ctx Items: 12", "Frag Length: 556", "Ctx Item[12]")
	if n := strings.Count(out, "51c82175-844e-4750-b0d8-ec255555bc06"); n < 12 {
		t.Errorf("the interface is there %d times", n)
	}
}

func TestWiresharkReadsESP(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		out := dissect(t, ethernetFrame(t, v6, layers.IPProtocolESP, gopacket.Payload(ESP(0x11223344, 7, [16]byte{1}, 1360))))
		clean(t, out)
		contains(t, out, "ESP SPI: 0x11223344", "ESP Sequence: 7")
	}
}

// impacket takes our bind apart and prints what it found.
const impacket = `
import sys
from impacket.dcerpc.v5 import rpcrt
from impacket.uuid import bin_to_uuidtup
h = rpcrt.MSRPCHeader(bytes.fromhex(sys.argv[1]))
b = rpcrt.MSRPCBind(h['pduData'])
c = rpcrt.CtxItem(b['ctx_items'])
print(h['ver_major'], h['ver_minor'], h['type'], h['flags'], h['frag_len'], h['auth_len'], h['call_id'],
      b['max_tfrag'], b['max_rfrag'], b['assoc_group'], b['ctx_num'], c['TransItems'],
      *bin_to_uuidtup(c['AbstractSyntax']), *bin_to_uuidtup(c['TransferSyntax']))
`

func TestImpacketReadsBind(t *testing.T) {
	got := strings.TrimSpace(tool(t, "/usr/bin/python3", "-c", impacket, hex.EncodeToString(Bind(KMSInterface))))
	want := "5 0 11 3 72 0 1 5840 5840 0 1 1 51C82175-844E-4750-B0D8-EC255555BC06 1.0 8A885D04-1CEB-11C9-9FE8-08002B104860 2.0"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// ethernetFrame serialises layers above Ethernet and IP between the clients
// and hosts of the tests.
func ethernetFrame(t testing.TB, v6 bool, protocol layers.IPProtocol, above ...gopacket.SerializableLayer) []byte {
	t.Helper()
	eth := &layers.Ethernet{
		SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: net.HardwareAddr{2, 0, 0, 0, 0, 2},
		EthernetType: layers.EthernetTypeIPv4,
	}
	var ip gopacket.SerializableLayer
	var network gopacket.NetworkLayer
	if v6 {
		eth.EthernetType = layers.EthernetTypeIPv6
		l := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: protocol, SrcIP: client6.AsSlice(), DstIP: host6.AsSlice()}
		ip, network = l, l
	} else {
		l := &layers.IPv4{Version: 4, IHL: 5, TTL: 64, Protocol: protocol, SrcIP: client4.AsSlice(), DstIP: host4.AsSlice()}
		ip, network = l, l
	}
	for _, l := range above {
		if c, ok := l.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := c.SetNetworkLayerForChecksum(network); err != nil {
				t.Fatal(err)
			}
		}
	}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, append([]gopacket.SerializableLayer{eth, ip}, above...)...); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// The client and the host of the tests.
var (
	client4, host4 = netip.MustParseAddr("198.18.0.20"), netip.MustParseAddr("198.18.0.10")
	client6, host6 = netip.MustParseAddr("2001:db8::20"), netip.MustParseAddr("2001:db8::10")
)
