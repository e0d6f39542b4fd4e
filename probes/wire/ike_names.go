package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// vendorIDs are the vendor IDs that say something about a peer: [MS-IKEE] note
// 6 and [MS-AIPS] notes 3 and 4, then a few of other stacks.
var vendorIDs = []struct {
	id   []byte
	name string
}{
	{vidRFC3947, "RFC 3947"},
	{vidGSSAPI, "GSSAPI"},
	{mustHex("fb1de3cdf341b7ea16b7e5be0855f120"), "MS-Negotiation Discovery Capable"},
	{mustHex("214ca4faffa7f32d6748e5303395ae83"), "MS-MamieExists"},
	{mustHex("e3a5966a76379fe707228231e5ce8652"), "IKE CGA version 1"},
	{mustHex("4048b7d56ebce88525e7de7f00d6c2d3"), "FRAGMENTATION"},
	{mustHex("26244d38eddb61b3172a36e3d0cfb819"), "Vid-Initial-Contact"},
	{mustHex("72872b95fcda2eb708efe322119b4971"), "NLBS_PRESENT"},
	{mustHex("90cb80913ebb696e086381b5ec427b1f"), "draft-ietf-ipsec-nat-t-ike-02"},
	{mustHex("afcad71368a1f1c96b8696fc77570100"), "DPD"},
	{mustHex("09002689dfd6b712"), "XAUTH"},
	{mustHex("882fe56d6fd20dbc2251613b2ebe5beb"), "strongSwan"},
}

// numberedIDs are vendor IDs that end in a 32-bit number.
var numberedIDs = []struct {
	prefix []byte
	name   string
}{
	{mustHex("1e2b516905991c7d7c96fcbfb587e461"), "MS NT5 ISAKMPOAKLEY"},
	{mustHex("01528bbbc00696121849ab9a1c5b2a51"), "KEY_MODS"},
	{mustHex("7bb93867d76c8d80df0f40fae8fc3b19"), "AUTHIP_INIT_KE_DH_GROUP"},
}

var realmID = mustHex("686a8cbdfe634b405146fb2baf33e9e8") // an HMAC follows

// windowsVersions gives the number behind MS NT5 ISAKMPOAKLEY its meaning.
var windowsVersions = map[uint32]string{
	2: "Windows 2000", 3: "Windows XP", 4: "Windows Server 2003", 5: "Windows Vista",
	6: "Windows Server 2008", 7: "Windows 7", 8: "Windows Server 2008 R2", 9: "Windows 8 or later",
}

// vendorName gives a vendor ID its known name, else its octets in hex.
func vendorName(id []byte) string {
	for _, v := range vendorIDs {
		if bytes.Equal(id, v.id) {
			return v.name
		}
	}
	for _, v := range numberedIDs {
		if len(id) != len(v.prefix)+4 || !bytes.HasPrefix(id, v.prefix) {
			continue
		}
		n := binary.BigEndian.Uint32(id[len(v.prefix):])
		name := v.name + " " + strconv.FormatUint(uint64(n), 10)
		if w := windowsVersions[n]; w != "" && bytes.Equal(v.prefix, numberedIDs[0].prefix) {
			name += " (" + w + ")"
		}
		return name
	}
	if bytes.HasPrefix(id, realmID) {
		return "MSFT IPsec Security Realm Id"
	}
	return hex.EncodeToString(id)
}

// notifyNames1 are the notifications of IKEv1 and AuthIP: RFC 2408 3.14.1,
// [MS-IKEE] 2.2.6, [MS-AIPS] 2.2.3.5.
var notifyNames1 = map[uint16]string{
	1: "INVALID-PAYLOAD-TYPE", 2: "DOI-NOT-SUPPORTED", 3: "SITUATION-NOT-SUPPORTED", 4: "INVALID-COOKIE",
	5: "INVALID-MAJOR-VERSION", 6: "INVALID-MINOR-VERSION", 7: "INVALID-EXCHANGE-TYPE", 8: "INVALID-FLAGS",
	9: "INVALID-MESSAGE-ID", 10: "INVALID-PROTOCOL-ID", 11: "INVALID-SPI", 12: "INVALID-TRANSFORM-ID",
	13: "ATTRIBUTES-NOT-SUPPORTED", 14: "NO-PROPOSAL-CHOSEN", 15: "BAD-PROPOSAL-SYNTAX", 16: "PAYLOAD-MALFORMED",
	17: "INVALID-KEY-INFORMATION", 18: "INVALID-ID-INFORMATION", 24: "AUTHENTICATION-FAILED",
	29:     "UNSUPPORTED-EXCHANGE-TYPE",
	0x9C43: notifyStatus, 0x9C44: notifyDoSCookie, 0x9C45: "EXCHANGE_INFO",
	0x9C54: notifyStatus, 0x9C55: notifyDoSCookie, 0x9C56: "NOTIFY_ACK",
}

const (
	notifyStatus    = "NOTIFY_STATUS"
	notifyDoSCookie = "NOTIFY_DOS_COOKIE"
	notify2Cookie   = 16390
)

// notifyNames2 are the notifications of IKEv2 that can come in an answer to
// IKE_SA_INIT, RFC 7296 3.10.1.
var notifyNames2 = map[uint16]string{
	1: "UNSUPPORTED_CRITICAL_PAYLOAD", 4: "INVALID_IKE_SPI", 5: "INVALID_MAJOR_VERSION", 7: "INVALID_SYNTAX",
	9: "INVALID_MESSAGE_ID", 11: "INVALID_SPI", 14: "NO_PROPOSAL_CHOSEN", 17: "INVALID_KE_PAYLOAD",
	43: "TEMPORARY_FAILURE", 16388: "NAT_DETECTION_SOURCE_IP", 16389: "NAT_DETECTION_DESTINATION_IP",
	notify2Cookie: "COOKIE",
}

// windowsErrors are the errors that NOTIFY_STATUS carries most often.
var windowsErrors = map[uint32]string{
	13801: "credentials unacceptable", 13805: "negotiation timed out",
	13825: "no policy configured", 13868: "policy match error",
}
