// Package redact takes the preshared keys of IPsec out of what was observed, wherever
// they stand.
package redact
