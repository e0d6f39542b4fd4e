package winrm

import (
	"net/http"
	"strings"
	"testing"

	azure "github.com/Azure/go-ntlmssp"
)

// masterzen/winrm asks for a version of Azure/go-ntlmssp that hands the password
// to any peer that offers Basic. Our transport does not use it, but it is linked
// in; go.mod holds v0.1.1 or later, and this keeps it there.
func TestTheLinkedNTLMLibraryGivesBasicNothing(t *testing.T) {
	p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="WSMAN"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/wsman", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("user", testPassword)
	resp, err := (&http.Client{Transport: azure.Negotiator{RoundTripper: &http.Transport{}}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	for _, a := range p.auth {
		if strings.HasPrefix(a, "Basic") {
			t.Fatalf("it sent %q; require github.com/Azure/go-ntlmssp v0.1.1 or later in go.mod", a)
		}
	}
	if len(p.auth) == 0 {
		t.Error("the peer was not asked, so the test shows nothing")
	}
}
