package farend

import (
	"bufio"
	"fmt"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestALargeAnswerIsBounded reads answers of few octets that are many things in memory.
func TestALargeAnswerIsBounded(t *testing.T) {
	packets := `{"packets":[` + strings.Repeat("{},", run.MostPackets-1) + `{}]}`
	for name, text := range map[string]string{
		"flows":            fmt.Sprintf(`{"flows":[%s{}]}`, strings.Repeat("{},", maxItems)),
		"nulls":            fmt.Sprintf(`{"flows":[%snull]}`, strings.Repeat("null,", maxItems)),
		"packets of flows": fmt.Sprintf(`{"flows":[%s{}]}`, strings.Repeat(packets+",", maxItems/run.MostPackets)),
	} {
		in := newInbox(bufio.NewReader(strings.NewReader("")), always(maxAnswer))
		if err := in.decode([]byte(text), new(vantage.Seen)); err == nil || !strings.Contains(err.Error(), "elements") {
			t.Errorf("%s: %v", name, err)
		}
	}
	words := fmt.Sprintf(`["a","%s"]`, strings.Repeat(`{[n\"`, maxItems))
	if err := fewItems([]byte(words)); err != nil {
		t.Errorf("signs within words are no elements: %v", err)
	}
}
