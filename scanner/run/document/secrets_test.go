package document

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestWithoutArguments(t *testing.T) {
	for _, same := range []string{
		``, `null`, `[]`, `{"credentials":null}`, `{"b":1,"a":2,"credentials":[{"password":{"file":"x"}},{"password":{"exec":["p"]}},{}]}`,
	} {
		if got := withoutArguments(json.RawMessage(same)); string(got) != same {
			t.Errorf("%s became %s", same, got)
		}
	}
	got := withoutArguments(json.RawMessage(`{"vantages":[{"via":[{"command":["ssh","x"]}]}],"credentials":[{"password":{"exec":["p","secret"]}}]}`))
	if bytes.Contains(got, []byte("secret")) || !bytes.Contains(got, []byte(`"exec":["p"]`)) || !bytes.Contains(got, []byte(`["ssh","x"]`)) {
		t.Errorf("got %s", got)
	}
}
