// Package run holds what one execution of kmsiso is made of: the cells of the
// matrix, their verdicts and findings, and the observations they rest on.
//
// It is the leaf of the tree: it imports nothing of kmsiso and knows neither
// how anything is observed nor how it is judged. It is all that package report
// may import, so whatever a report shows must be in a [Run].
package run
