package local

import (
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Entry is the way into this machine: via: [local].
var Entry = entry.Entry{
	Kind: way.Kind{
		Name: "local", Title: "this machine",
		Value:   way.Option{Key: "local", About: "This machine.", Type: way.Flag},
		Said:    func(way.Values) string { return "locally" },
		Implies: func(way.Values) way.Facts { return way.Facts{Here: true, FarEnd: true} },
	},
	Open: func(entry.Declared) vantage.Way { return Way{} },
}
