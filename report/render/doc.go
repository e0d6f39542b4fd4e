// Package render lays out text: it cleans what came from elsewhere, wraps it,
// colours it and draws grids. It is the only importer of tablewriter.
//
// It knows columns and runes. It does not know runs, cells or verdicts.
package render
