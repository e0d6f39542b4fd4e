package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// Flows are those that a watch saw. There are many: a document has a row of each. What
// many share, which are addresses, interfaces and link addresses, stands once.
type Flows []Flow

// passing is an interface, and the link addresses of packets that it carried.
type passing struct {
	Interface string `json:"interface"`
	From      string `json:"from"`
	To        string `json:"to"`
}

// flowTable are flows in a document. A row has the values of the columns, and leaves
// out zeros at its end.
type flowTable struct {
	Ends    []netip.Addr `json:"ends"`
	Links   []passing    `json:"links"`
	Columns []string     `json:"columns"`
	Rows    [][]any      `json:"rows"`
}

// flowColumns are those of a row: src, dst and link are indexes of ends and links, last
// counts from first.
var flowColumns = []string{"src", "dst", "kind", "srcPort", "dstPort", "passage", "link", "own", "count", "bytes", "maxSize", "first", "last", "spi", "packets"}

// row is a flow on its way into a table or out of it.
type row struct {
	Flow
	src, dst, link int
}

// values are where a row has its columns.
func (r *row) values() []any {
	return []any{&r.src, &r.dst, &r.Kind, &r.SrcPort, &r.DstPort, &r.Passage, &r.link, &r.Own, &r.Count, &r.Bytes, &r.MaxSize, &r.First, &r.Last, &r.SPI, &r.Packets}
}

// MarshalJSON writes the table.
func (fs Flows) MarshalJSON() ([]byte, error) {
	t := flowTable{Columns: flowColumns, Rows: make([][]any, len(fs))}
	links, ends := map[passing]int{}, map[netip.Addr]int{}
	for i := range fs {
		r := row{Flow: fs[i]}
		r.src, r.dst = jsonform.Place(&t.Ends, ends, r.Src), jsonform.Place(&t.Ends, ends, r.Dst)
		r.link = jsonform.Place(&t.Links, links, passing{r.Interface, r.From, r.To})
		r.Last -= r.First
		t.Rows[i] = r.values()
		for n := len(t.Rows[i]); n > 0 && reflect.ValueOf(t.Rows[i][n-1]).Elem().IsZero(); n-- {
			t.Rows[i] = t.Rows[i][:n-1]
		}
	}
	return jsonform.Plain(t)
}

// UnmarshalJSON reads what MarshalJSON wrote. Documents of older versions have lists.
func (fs *Flows) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return jsonform.Strictly(b, (*[]Flow)(fs))
	}
	var t struct {
		flowTable
		Rows [][]json.RawMessage `json:"rows"`
		List []struct {
			Flow
			Link int `json:"link"`
		} `json:"list"`
	}
	if err := jsonform.Strictly(b, &t); err != nil {
		return err
	}
	if len(t.Rows) > 0 && !slices.Equal(t.Columns, flowColumns) {
		return fmt.Errorf("flows have columns %q, not %q", t.Columns, flowColumns)
	}
	all := make([]row, 0, len(t.Rows)+len(t.List))
	for i := range t.List {
		all = append(all, row{Flow: t.List[i].Flow, link: t.List[i].Link})
	}
	for i, cells := range t.Rows {
		r, err := readRow(cells)
		if err == nil && (r.src < 0 || r.src >= len(t.Ends) || r.dst < 0 || r.dst >= len(t.Ends)) {
			err = errors.New("there is no such end")
		}
		if err != nil {
			return fmt.Errorf("flow %d: %w", i, err)
		}
		r.Src, r.Dst = t.Ends[r.src], t.Ends[r.dst]
		all = append(all, r)
	}
	*fs = make(Flows, len(all))
	for i := range all {
		r := &all[i]
		if r.link < 0 || r.link >= len(t.Links) {
			return fmt.Errorf("flow %d: there is no link %d", i, r.link)
		}
		link := t.Links[r.link]
		r.Interface, r.From, r.To = link.Interface, link.From, link.To
		(*fs)[i] = r.Flow
	}
	return nil
}

// readRow reads a row of a table.
func readRow(cells []json.RawMessage) (r row, err error) {
	to := r.values()
	if len(cells) > len(to) {
		return r, fmt.Errorf("%d values, and %d columns", len(cells), len(to))
	}
	for i, c := range cells {
		if err := json.Unmarshal(c, to[i]); err != nil {
			return r, fmt.Errorf("%s: %w", flowColumns[i], err)
		}
	}
	r.Last += r.First
	return r, nil
}

// MarshalJSON writes the time and the size as a pair: there are many.
func (p WirePacket) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]int64{int64(p.At), int64(p.Size)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *WirePacket) UnmarshalJSON(b []byte) error {
	var pair []int64
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("a packet is a time and a size, not %d numbers", len(pair))
	}
	p.At, p.Size = time.Duration(pair[0]), int(pair[1])
	return nil
}
