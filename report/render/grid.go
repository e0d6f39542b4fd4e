package render

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is the blanks between two columns of a grid.
const gap = 2

// secondReset finds the SGR reset that tablewriter puts behind the padding of a
// cell that ended with one already.
var secondReset = regexp.MustCompile(`(\x1b\[0m *)\x1b\[0m`)

// Grid draws rows of cleaned (and perhaps coloured) cells as columns without
// lines, two blanks apart, nothing behind the last. Rows must be equally long.
func Grid(rows [][]string) (string, error) {
	var b strings.Builder
	t := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Lines:      tw.LinesNone,
				Separators: tw.SeparatorsNone,
			},
		})),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}),
	)
	if err := t.Bulk(rows); err != nil {
		return "", fmt.Errorf("draw a grid of %d rows: %w", len(rows), err)
	}
	if err := t.Render(); err != nil {
		return "", fmt.Errorf("draw a grid of %d rows: %w", len(rows), err)
	}
	var out strings.Builder
	for line := range strings.Lines(secondReset.ReplaceAllString(b.String(), "$1")) {
		out.WriteString(strings.TrimRight(line, " \n"))
		out.WriteByte('\n')
	}
	return out.String(), nil
}

// Blocks splits a grid whose first column is repeated in every block so that
// no block is wider than width. The rest of a column that is too wide by
// itself stays in a block of its own.
func Blocks(rows [][]string, width int) [][][]string {
	if len(rows) == 0 {
		return nil
	}
	wide := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], Width(cell))
		}
	}
	var blocks [][][]string
	for first := 1; first < len(wide); {
		last, used := first, wide[0]+gap+wide[first]
		for last+1 < len(wide) && used+gap+wide[last+1] <= width {
			last++
			used += gap + wide[last]
		}
		block := make([][]string, len(rows))
		for i, row := range rows {
			block[i] = append([]string{row[0]}, row[first:last+1]...)
		}
		blocks = append(blocks, block)
		first = last + 1
	}
	return blocks
}
