package run

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestFlowsInADocument(t *testing.T) {
	a, b := netip.MustParseAddr("198.18.20.20"), netip.MustParseAddr("198.18.10.30")
	all := Flows{
		{Src: a, Dst: b, Kind: FlowSYN, SrcPort: 5000, DstPort: 1688, Passage: PassedIn, Interface: "eth0", From: "02:00:00:00:00:01", To: "02:00:00:00:00:02", Own: "o7", Count: 3, MaxSize: 60, Bytes: 180, First: time.Second, Last: 3 * time.Second},
		{Src: b, Dst: a, Kind: FlowESP, SPI: 77, Passage: PassedOut, Interface: "eth0", From: "02:00:00:00:00:02", To: "02:00:00:00:00:01", Count: 2, MaxSize: 120, Packets: []WirePacket{{time.Second, 100}, {2 * time.Second, 120}}},
		{Src: a, Dst: b, Kind: FlowTCP, SrcPort: 5001, DstPort: 1688, Passage: PassedIn, Interface: "eth0", From: "02:00:00:00:00:01", To: "02:00:00:00:00:02", Count: 1},
		{Src: a, Dst: b, Kind: FlowUDP, Count: 1},
	}
	written, err := json.Marshal(Observation{ID: "o1", Flows: all})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(written), "02:00:00:00:00:01"); n != 2 {
		t.Errorf("a link address stands %d times: %s", n, written)
	}
	var o Observation
	if err := json.Unmarshal(written, &o); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(o.Flows, all) {
		t.Errorf("read %+v", o.Flows)
	}
	if plain, err := json.Marshal(Observation{ID: "o1"}); err != nil || strings.Contains(string(plain), "flows") {
		t.Errorf("%s, %v", plain, err)
	}
}

// Documents of d73fdb6 have a list.
func TestFlowsOfAnOldDocument(t *testing.T) {
	var fs Flows
	if err := json.Unmarshal([]byte(`[{"src":"198.18.20.20","dst":"198.18.10.30","kind":"esp","spi":7,"count":2,"maxSize":90}]`), &fs); err != nil || len(fs) != 1 || fs[0].SPI != 7 || fs[0].Count != 2 {
		t.Errorf("%+v, %v", fs, err)
	}
}

func TestDamagedFlows(t *testing.T) {
	columns := `["` + strings.Join(flowColumns, `","`) + `"]`
	if err := json.Unmarshal([]byte(`{"ends":["198.18.20.20"],"links":[{"interface":"eth0"}],"columns":`+columns+`,"rows":[[0,0,"esp"]]}`), new(Flows)); err != nil {
		t.Error(err)
	}
	for _, s := range []string{
		`{"links":[],"list":[{"src":"198.18.20.20","dst":"198.18.10.30","kind":"esp","link":0}]}`,
		`{"links":[{"interface":"eth0"}],"list":[{"link":-1}]}`,
		`{"links":[{"interface":"eth0"}],"list":[{"link":0,"packets":[[1]]}]}`,
		`{"links":[{"interface":"eth0"}],"list":[{"link":0,"packets":[[1,2,3]]}]}`,
		`{"links":[{"interface":"eth0"}],"list":[{"link":0,"packets":[{"at":1}]}]}`,
		`{"ends":[],"links":[{"interface":"eth0"}],"columns":COLUMNS,"rows":[[0,0,"esp"]]}`,
		`{"ends":["198.18.20.20"],"links":[],"columns":COLUMNS,"rows":[[0,0,"esp"]]}`,
		`{"ends":["198.18.20.20"],"links":[{"interface":"eth0"}],"columns":COLUMNS,"rows":[[0,-1,"esp"]]}`,
		`{"ends":["198.18.20.20"],"links":[{"interface":"eth0"}],"columns":COLUMNS,"rows":[[0,0,"esp","x"]]}`,
		`{"ends":["198.18.20.20"],"links":[{"interface":"eth0"}],"columns":COLUMNS,"rows":[[0,0,"esp",0,0,"",0,"",0,0,0,0,0,0,null,1]]}`,
		`{"ends":["198.18.20.20"],"links":[{"interface":"eth0"}],"columns":["dst","src"],"rows":[[0,0,"esp"]]}`,
		`{"list":7}`, `7`, `[{"src":7}]`, `{"links":[],"list":[],"more":1}`, `[{"more":1}]`, `{"links":[{"interface":"eth0"}],"list":[{"link":0,"more":1}]}`,
	} {
		var fs Flows
		s = strings.Replace(s, "COLUMNS", columns, 1)
		if err := json.Unmarshal([]byte(s), &fs); err == nil {
			t.Errorf("%s is read as %+v", s, fs)
		}
	}
}
