// Package raw sends IP datagrams of any protocol from this machine. It receives
// nothing.
package raw
