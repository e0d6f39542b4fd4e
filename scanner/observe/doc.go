// Package observe makes the observations of a run. It enters the vantages, reads the
// directories, and asks what is needed in the order in which a deny can be proved. Of
// what the watches saw it says which packets were of kmsiso itself, and which watch is
// shown to see.
//
// It knows needs, vantages, directories and probes, and not what an observation means.
package observe
