package winrm

import (
	"testing"

	"github.com/bodgit/ntlmssp"
)

func FuzzChallenge(f *testing.F) {
	f.Fuzz(func(t *testing.T, challenge []byte) {
		c, err := ntlmssp.NewClient(ntlmssp.SetUserInfo("user", testPassword), ntlmssp.SetVersion(ntlmssp.DefaultVersion()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Authenticate(nil, nil); err != nil {
			t.Fatal(err)
		}
		_ = canSeal(challenge)
		_, _ = authenticate(c, challenge, nil)
	})
}
