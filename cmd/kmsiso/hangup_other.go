//go:build !unix

package main

import "os"

// hangups are none where there is no SIGHUP: POST /-/reload does the same.
func hangups() <-chan os.Signal { return nil }
