package effect

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// hasPort says whether a side's ports hold the port; any without ranges. This
// machine chooses a free port from the dynamic range of Windows Vista and
// later; a peer may have chosen any.
func hasPort(of []consec.Ports, port int, local bool) tri.State {
	first, last := port, port
	switch {
	case len(of) == 0:
		return tri.Yes
	case port == unknownPort && local:
		first, last = 49152, 65535
	case port == unknownPort:
		first, last = 1, 65535
	}
	touched := tri.No
	for _, p := range of {
		if int(p.First) <= first && last <= int(p.Last) {
			return tri.Yes
		}
		if int(p.First) <= last && first <= int(p.Last) {
			touched = tri.Unknown
		}
	}
	return touched
}
