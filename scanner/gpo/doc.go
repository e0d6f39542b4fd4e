// Package gpo understands Group Policy ([MS-GPOL]): what the attributes and
// files of a Group Policy object say, which objects reach a machine and in
// which order, and which of their settings are left in the end.
//
// It works on the facts of a [run.Forest] and opens nothing: it does not know
// whether they come from a directory, a backup or an export. It knows neither
// which machines are KMS hosts nor what anybody intended.
package gpo
