// Package nearmiss finds the word that somebody probably meant. It knows nothing else
// of kmsiso.
package nearmiss

import (
	"strings"
	"unicode/utf8"
)

// Of returns the word that somebody who wrote got probably meant, or "".
func Of(got string, words []string) string {
	best, at := "", 3
	flat := flatten(got)
	for _, w := range words {
		word := flatten(w)
		if longer := len(flat) - len(word); longer >= 3*utf8.UTFMax || -longer >= 3*utf8.UTFMax {
			continue // as many letters differ
		}
		if d := distance(flat, word); d < at && d*2 < len(w)+1 {
			best, at = w, d
		}
	}
	return best
}

func flatten(s string) string { return separators.Replace(strings.ToLower(s)) }

var separators = strings.NewReplacer("-", "", "_", "", " ", "")

// distance is the number of letters to insert, remove or replace.
func distance(a, b string) int {
	if max(len(a), len(b)) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
