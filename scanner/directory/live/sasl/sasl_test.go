package sasl

import (
	"bytes"
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3/gssapi"
	krb "github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Offers of layers that are not taken (RFC 4752 3.1). The right one is taken by the
// tests with the lab.
func TestOffersOfLayers(t *testing.T) {
	key := types.EncryptionKey{KeyType: etypeID.AES256_CTS_HMAC_SHA1_96, KeyValue: bytes.Repeat([]byte{7}, 32)}
	other := types.EncryptionKey{KeyType: key.KeyType, KeyValue: bytes.Repeat([]byte{8}, 32)}
	offer := func(by types.EncryptionKey, payload ...byte) []byte {
		w := krb.WrapToken{Flags: flagAcceptor | flagSubkey, EC: 12, Payload: payload}
		if err := w.SetCheckSum(by, keyusage.GSSAPI_ACCEPTOR_SEAL); err != nil {
			t.Fatal(err)
		}
		b, err := w.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		// Windows and Samba turn the check sum to the front.
		return slices.Concat(b[:headerSize], w.CheckSum, payload)
	}
	for name, c := range map[string]struct {
		key   types.EncryptionKey
		offer []byte
		want  reason.Reason
	}{
		"no key":         {types.EncryptionKey{}, nil, reason.New(reason.NoSubkey)},
		"no token":       {key, []byte("text"), reason.New(reason.LayersUnreadable)},
		"another's":      {key, offer(other, LayerSeal, 0, 4, 0), reason.New(reason.LayersForged)},
		"three octets":   {key, offer(key, LayerSeal, 0, 4), reason.New(reason.LayersMalformed, "octets", 3)},
		"integrity only": {key, offer(key, 2, 0, 4, 0), reason.New(reason.LayerMissing, "offered", 2, "wanted", LayerSeal)},
		"sealing":        {key, offer(key, LayerSeal|2, 0, 4, 0), reason.Reason{}},
	} {
		t.Run(name, func(t *testing.T) {
			n := &Negotiator{Client: gssapi.Client{Subkey: c.key}, Layer: LayerSeal}
			answer, err := n.NegotiateSaslAuth(c.offer, "")
			got := reason.Of(err)
			switch {
			case c.want.Code == "":
				if err != nil || len(answer) == 0 || n.largest != 1024 {
					t.Errorf("%v, messages of %d", err, n.largest)
				}
			case !got.Has(c.want.Code), len(c.want.Args) > 0 && !got[0].Equal(c.want):
				t.Errorf("%s, want %s", got.Key(), c.want.Key())
			}
		})
	}
}
