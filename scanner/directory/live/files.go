package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// files are those of a SYSVOL. A path is the parts below the share, such as
// contoso.test, Policies, {GUID}, gpt.ini, in whatever case.
type files interface {
	// read returns a whole file. The error is fs.ErrNotExist, errRefused or
	// something else.
	read(ctx context.Context, path []string, limit int) ([]byte, error)
	// exists says whether a folder is there.
	exists(ctx context.Context, path []string) error
	close()
}

// locate is the path of a GPO's folder below the share, from its gPCFileSysPath:
// \\contoso.test\sysvol\contoso.test\Policies\{GUID}. What it names elsewhere is
// not followed: only the declared servers are contacted.
func (d *domain) locate(path string) ([]string, error) {
	if path == "" {
		return nil, reason.Fail(reason.GPOPathMissing)
	}
	parts := strings.Split(strings.ReplaceAll(path, "/", `\`), `\`)
	if len(parts) < 5 || parts[0] != "" || parts[1] != "" {
		return nil, reason.Fail(reason.GPOPathMalformed, "path", clip(path))
	}
	host, share, rest := parts[2], parts[3], parts[4:]
	if !d.own(host) {
		return nil, reason.Fail(reason.GPOPathForeign, "path", clip(path), "server", host)
	}
	if !strings.EqualFold(share, "SYSVOL") {
		return nil, reason.Fail(reason.GPOPathElsewhere, "path", clip(path))
	}
	if len(rest) > 1 && rest[len(rest)-1] == "" {
		rest = rest[:len(rest)-1]
	}
	for _, p := range rest {
		if p == "" || p == "." || p == ".." || strings.ContainsAny(p, ":*?\x00") {
			return nil, reason.Fail(reason.GPOPathMalformed, "path", clip(path))
		}
	}
	return rest, nil
}

// clip keeps foreign text short.
func clip(s string) string { return fmt.Sprintf("%.300s", s) }

// own says whether a name is that of the domain or of one of its controllers. It
// is asked after the controllers have been read.
func (d *domain) own(host string) bool {
	d.once.Do(func() {
		d.names = map[string]bool{strings.ToLower(d.Name): true}
		if d.NetBIOS != "" {
			d.names[strings.ToLower(d.NetBIOS)] = true
		}
		for _, c := range d.Controllers {
			short, _, _ := strings.Cut(c, ".")
			d.names[strings.ToLower(c)], d.names[strings.ToLower(short)] = true, true
		}
		for _, m := range d.members {
			if net.ParseIP(m.host) == nil {
				d.names[m.host] = true
			}
		}
	})
	return host != "" && d.names[strings.ToLower(host)]
}

// folder is a SYSVOL that the operating system reads.
type folder struct{ root *os.Root }

func openFolder(path string) (files, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, reason.Wrap(err, reason.SYSVOLFolderUnreadable, "folder", path, "why", reason.Of(plainFile(err)))
	}
	return folder{root}, nil
}

func (f folder) close() { _ = f.root.Close() }

func (f folder) read(_ context.Context, path []string, limit int) ([]byte, error) {
	name, err := f.find(path)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, plainFile(err)
	}
	defer func() { _ = file.Close() }()
	return whole(file, limit)
}

func (f folder) exists(_ context.Context, path []string) error {
	_, err := f.find(path)
	return err
}

// find is the name that a file has there, where another case is another file.
func (f folder) find(path []string) (string, error) {
	exact := filepath.Join(path...)
	if _, err := f.root.Stat(exact); err == nil {
		return exact, nil
	}
	at := "."
	for _, part := range path {
		dir, err := f.root.Open(at)
		if err != nil {
			return "", plainFile(err)
		}
		names, err := dir.Readdirnames(-1)
		_ = dir.Close()
		if err != nil {
			return "", plainFile(err)
		}
		found := ""
		for _, n := range names {
			if strings.EqualFold(n, part) && (found == "" || n < found) {
				found = n
			}
		}
		if found == "" {
			return "", fs.ErrNotExist
		}
		at = filepath.Join(at, found)
	}
	return at, nil
}

// plainFile is an error of a file without the path, which the caller names.
func plainFile(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fs.ErrNotExist
	case errors.Is(err, fs.ErrPermission):
		return errRefused
	}
	return err
}

// whole reads a file that must not be larger than the limit.
func whole(f io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, plainFile(err)
	}
	if len(b) > limit {
		return nil, tooLargeError{limit}
	}
	return b, nil
}

// tooLargeError is a file that is larger than the limit, in octets.
type tooLargeError struct{ limit int }

func (e tooLargeError) Error() string { return e.Why().Key() }

// Why is the limit.
func (e tooLargeError) Why() reason.List { return reason.One(reason.FileTooLarge, "most", e.limit) }
