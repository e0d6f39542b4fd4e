// Package run holds what one execution of kmsiso is made of: the cells of the
// matrix, their verdicts and findings, and the observations they rest on.
//
// It knows reasons and values of a registry alone, and neither how anything is
// observed nor how it is judged. It is all that package report
// knows of a run, so whatever a report shows must be in a [Run]. Its document is
// written and read in the package document below.
package run
