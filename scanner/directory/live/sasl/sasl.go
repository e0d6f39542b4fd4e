package sasl

import (
	"github.com/go-ldap/ldap/v3/gssapi"
	krb "github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The security layers of SASL's GSSAPI mechanism (RFC 4752 3.3).
const (
	LayerNone byte = 1
	LayerSeal byte = 4
)

// largest is how many bytes of one sealed message we accept.
const largest = 1 << 20

// Negotiator binds with a Kerberos ticket and agrees on Layer, the one that is wanted.
// It takes the last step in place of the library, which knows no layer.
type Negotiator struct {
	gssapi.Client

	Layer byte
	// What was agreed on: the acceptor's subkey, the number of its last message,
	// and how large a message it accepts.
	key     types.EncryptionKey
	heard   uint64
	largest int
}

// NegotiateSaslAuth answers the server's offer of layers (RFC 4752 3.1, 3.2).
func (n *Negotiator) NegotiateSaslAuth(input []byte, authzid string) ([]byte, error) {
	if n.Subkey.KeyType == 0 {
		return nil, reason.Fail(reason.NoSubkey)
	}
	var offer krb.WrapToken
	if err := gssapi.UnmarshalWrapToken(&offer, input, true); err != nil {
		return nil, reason.Wrap(err, reason.LayersUnreadable, "words", err)
	}
	if ok, err := offer.Verify(n.Subkey, keyusage.GSSAPI_ACCEPTOR_SEAL); !ok {
		return nil, reason.Wrap(err, reason.LayersForged, "words", err)
	}
	if len(offer.Payload) != 4 {
		return nil, reason.Fail(reason.LayersMalformed, "octets", len(offer.Payload))
	}
	if offer.Payload[0]&n.Layer == 0 {
		return nil, reason.Fail(reason.LayerMissing, "offered", offer.Payload[0], "wanted", n.Layer)
	}
	n.key, n.heard = n.Subkey, offer.SndSeqNum
	n.largest = int(offer.Payload[1])<<16 | int(offer.Payload[2])<<8 | int(offer.Payload[3])
	choice := []byte{n.Layer, 0, 0, 0} // no size without a layer
	if n.Layer != LayerNone {
		choice[1], choice[2], choice[3] = largest>>16, largest>>8&0xff, largest&0xff
	}
	answer := krb.WrapToken{Flags: flagSubkey, EC: 12, SndSeqNum: 1, Payload: append(choice, authzid...)}
	if err := answer.SetCheckSum(n.key, keyusage.GSSAPI_INITIATOR_SEAL); err != nil {
		return nil, err
	}
	answer.EC = uint16(len(answer.CheckSum))
	return answer.Marshal()
}
