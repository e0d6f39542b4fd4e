// Package gpo holds the checks of Group Policy objects: that they are there, linked,
// replicated, readable, and come to the machines that they are meant for.
//
// It does not know the other wings.
package gpo
