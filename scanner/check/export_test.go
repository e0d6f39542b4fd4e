package check

import (
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// What the tests beside this package look at.

// DirectoryNeed is the need of what a forest says.
var DirectoryNeed = directoryNeed

// KeyOwnFirewall is the key of the firewall's own rules of a machine.
const KeyOwnFirewall = keyOwnFirewall

// JudgeCell judges one cell of a plan, and explains nothing.
func JudgeCell(pl *Plan, r *run.Run, id run.CellID) run.Cell {
	j := newJudgement(r)
	return j.cell(j.input(pl).of(&pl.cells[pl.byID[id]]))
}

// Packet is one of those that the configured answer of a cell is about.
type Packet struct {
	From, To simulate.At
	Flow     simulate.Flow
}

// Packets are those of a cell, whose target is a KMS host.
func Packets(pl *Plan, r *run.Run, id run.CellID) (all []Packet) {
	in := newJudgement(r).input(pl).of(&pl.cells[pl.byID[id]])
	h, _ := pl.policy.Host(id.Target)
	for _, k := range in.packets(in.Simulator.Host(h), h) {
		all = append(all, Packet{k.from, k.to, k.flow})
	}
	return all
}

// CheckOf is the check of a cell of a plan.
func CheckOf(pl *Plan, id run.CellID) *Check { return pl.cells[pl.byID[id]].check }

// LooksAt reports whether a cell may look at the observation of a need. Of a cell that
// is not planned it is false.
func (pl *Plan) LooksAt(id run.CellID, n run.Need) bool {
	cell, planned := pl.byID[id]
	i, known := pl.index[n]
	return planned && known && pl.cells[cell].names(i)
}
