// Package report turns a run document into what people, pipelines and
// Prometheus read, one file per format.
//
// It knows package run and nothing else of kmsiso: whatever it shows is in the
// [run.Run]. It never judges; the answer and the counts are the run's own.
package report
