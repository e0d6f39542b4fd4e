package ssh

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// agentPipe is where the agent of Microsoft's OpenSSH listens.
const agentPipe = `\\.\pipe\openssh-ssh-agent`

// dialAgent opens the agent's pipe: the one that is named, here or in
// SSH_AUTH_SOCK, which must be there, or the system's, which may be absent.
func dialAgent(_ context.Context, name string) (io.ReadWriteCloser, string, error) {
	name, must := cmp.Or(name, os.Getenv("SSH_AUTH_SOCK")), true
	if name == "" {
		name, must = agentPipe, false
	}
	pipe, err := os.OpenFile(name, os.O_RDWR, 0)
	if !must && errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, name, err
	}
	return pipe, name, nil
}
