package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner/logon"
)

// retryFlag adds the flag that lets a refused credential be shown once more.
func retryFlag(cmd *cobra.Command, retry *bool) {
	cmd.Flags().BoolVar(retry, strings.TrimPrefix(logon.Retry, "--"), false, "show a credential that was refused once more, while its account stays clear of a lockout")
}

// memory is where it is kept what was refused: in a folder, or in the user's own
// place for the state of programs where none is named.
func memory(dir string, retry bool) *logon.Memory {
	if dir == "" {
		dir = logon.Folder()
	}
	m := logon.NewMemory(dir).Warn(func(w string) { warn([]string{w}) })
	if retry {
		m.AllowRetry()
	}
	return m
}
