// Package farend carries capability calls to a kmsiso that runs in another
// place, over its standard input and output: one message a line, which is the number
// of a call, a word and JSON; answers come in any order. [Serve] is the far side,
// [Attach] the near one, and [Exec] the way in that starts a command.
//
// It carries calls of package vantage and nothing else, and knows none of them by
// name. The far end learns no policy, no target list and no probe, and does only what
// it is asked to. What goes wrong between the two ends is an error of the call, never a
// class.
package farend
