//go:build !windows

package ssh

import (
	"context"
	"io"
	"net"
	"os"
)

// dialAgent connects to the agent at SSH_AUTH_SOCK; nil where there is none.
func dialAgent(ctx context.Context) (io.ReadWriteCloser, string, error) {
	name := os.Getenv("SSH_AUTH_SOCK")
	if name == "" {
		return nil, "", nil
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", name)
	if err != nil {
		return nil, name, err
	}
	return conn, name, nil
}
