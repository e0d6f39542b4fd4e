package pol

import (
	"sync"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// gathered are the texts of one file, so that they become one string: most
// values have three short ones, and to make each by itself takes longer than to
// read the file.
type gathered struct {
	octets  []byte
	decoded []decoded
}

// decoded is a value whose texts are parts of a [gathered].
type decoded struct {
	key, name, data span
	kind            string
}

// span is where a text begins and ends.
type span struct{ from, to int }

// pool keeps what they were in for the next file.
var pool = sync.Pool{New: func() any { return new(gathered) }}

// most is how many octets of text are kept for the next file.
const most = 1 << 20

// release gives g back, empty. What was in it may have been a preshared key.
func (g *gathered) release() {
	if cap(g.octets) > most {
		return
	}
	clear(g.octets)
	g.octets, g.decoded = g.octets[:0], g.decoded[:0]
	pool.Put(g)
}

// utf16 takes a text in UTF-16.
func (g *gathered) utf16(b []byte) span {
	from := len(g.octets)
	g.octets = registry.AppendUTF16(g.octets, b)
	return span{from, len(g.octets)}
}

// add takes the value of a record below a key. A record without name, type and
// data only makes a key.
func (g *gathered) add(key span, r *Record) {
	d := decoded{key: key}
	if r.Type != 0 || len(r.Name) > 0 || len(r.Data) > 0 {
		d.name, d.kind = g.utf16(r.Name), registry.TypeName(r.Type)
		from := len(g.octets)
		g.octets = registry.AppendData(g.octets, r.Type, r.Data)
		d.data = span{from, len(g.octets)}
	}
	g.decoded = append(g.decoded, d)
}

// values are what was taken; nil where nothing was.
func (g *gathered) values() []registry.Value {
	if len(g.decoded) == 0 {
		return nil
	}
	all := string(g.octets)
	out := make([]registry.Value, len(g.decoded))
	for i := range g.decoded {
		d := &g.decoded[i]
		out[i] = registry.Value{Key: all[d.key.from:d.key.to], Name: all[d.name.from:d.name.to], Type: d.kind, Data: all[d.data.from:d.data.to]}
	}
	return out
}
