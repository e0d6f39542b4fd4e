package farend

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Entry is the way by a command that starts a far end: via: [{exec: [...]}].
var Entry = entry.Entry{
	Kind: way.Kind{
		Name: "exec", Title: "a command",
		Value: way.Option{Key: "command", About: "Command that starts kmsiso in another place.", Type: way.Words},
		Said:  func(v way.Values) string { return "by the command " + strings.Join(v.Words("command"), " ") },
		Check: func(a way.Asked) []way.Mistake {
			if len(a.Values.Words("command")) > 0 {
				return nil
			}
			return []way.Mistake{{Text: "exec names no command; write the command that starts kmsiso there, as a list"}}
		},
		Implies: func(way.Values) way.Facts { return way.Facts{FarEnd: true} },
	},
	Open: func(d entry.Declared) vantage.Way {
		return Exec{Command: d.Values.Words("command"), Version: d.Version}
	},
}
