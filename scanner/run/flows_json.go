package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Flows are those that a watch saw. In a document, the interface and the link
// addresses, which many flows share, stand once.
type Flows []Flow

// passing is an interface, and the link addresses of packets that it carried.
type passing struct {
	Interface string `json:"interface"`
	From      string `json:"from"`
	To        string `json:"to"`
}

// writtenFlows are flows in a document.
type writtenFlows struct {
	Links []passing     `json:"links"`
	List  []writtenFlow `json:"list"`
}

// writtenFlow is a flow in a document. Its Link is an index of the links.
type writtenFlow struct {
	Flow
	Link      int       `json:"link"`
	Interface *struct{} `json:"interface,omitempty"` // in the link, like the next two
	From      *struct{} `json:"from,omitempty"`
	To        *struct{} `json:"to,omitempty"`
}

// MarshalJSON writes the links and the flows.
func (fs Flows) MarshalJSON() ([]byte, error) {
	w := writtenFlows{List: make([]writtenFlow, len(fs))}
	links := map[passing]int{}
	for i := range fs {
		f := &fs[i]
		link := passing{f.Interface, f.From, f.To}
		at, ok := links[link]
		if !ok {
			at = len(w.Links)
			links[link], w.Links = at, append(w.Links, link)
		}
		w.List[i] = writtenFlow{Flow: *f, Link: at}
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. Documents of older versions have a
// list of flows alone.
func (fs *Flows) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return strictly(b, (*[]Flow)(fs))
	}
	var w writtenFlows
	if err := strictly(b, &w); err != nil {
		return err
	}
	*fs = make(Flows, len(w.List))
	for i, f := range w.List {
		if f.Link < 0 || f.Link >= len(w.Links) {
			return fmt.Errorf("flow %d: there is no link %d", i, f.Link)
		}
		link := w.Links[f.Link]
		f.Flow.Interface, f.Flow.From, f.Flow.To = link.Interface, link.From, link.To
		(*fs)[i] = f.Flow
	}
	return nil
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
