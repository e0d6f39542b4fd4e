package netinfo

import (
	"fmt"
	"strings"
	"testing"
)

func TestResolvers(t *testing.T) {
	got := parseResolvers("# nameserver 192.0.2.9\nnameserver 198.18.0.53\nnameserver   2001:db8::53 \nnameserver nonsense\nsearch example.test\n")
	if len(got) != 2 || got[0].String() != "198.18.0.53:53" || got[1].String() != "[2001:db8::53]:53" {
		t.Errorf("%v", got)
	}
}

// The C library asks three name servers, and a long line hides none.
func TestResolversOfALargeFile(t *testing.T) {
	text := "# " + strings.Repeat("x", 1<<17) + "\n"
	for i := range 10 {
		text += fmt.Sprintf("nameserver 198.18.0.%d\n", i+1)
	}
	if got := parseResolvers(text); len(got) != 3 || got[2].Addr().String() != "198.18.0.3" {
		t.Errorf("%v", got)
	}
}
