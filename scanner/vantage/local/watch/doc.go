// Package watch counts the packets that pass the Ethernet interfaces of this machine.
// [Counter] counts in the same way what others play, such as scripted wires.
package watch
