// Package serve is the shell of a daemon around runs: it makes one at an
// interval, keeps the last, and shows it to Prometheus and to a browser.
//
// It knows run documents and HTTP. How a run is made and how it is written are
// functions it is given; it knows no policy, vantage, check or report.
package serve
