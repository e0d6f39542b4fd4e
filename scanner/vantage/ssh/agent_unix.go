//go:build !windows

package ssh

import (
	"cmp"
	"context"
	"io"
	"net"
	"os"
)

// dialAgent connects to the agent at name, or at SSH_AUTH_SOCK where it is "";
// nil where there is none.
func dialAgent(ctx context.Context, name string) (io.ReadWriteCloser, string, error) {
	name = cmp.Or(name, os.Getenv("SSH_AUTH_SOCK"))
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
