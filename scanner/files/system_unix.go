//go:build unix

package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// create makes a file that is not there; the umask applies to its mode.
func create(path string, mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
}

func setMode(path string, mode fs.FileMode) error { return os.Chmod(path, mode) }

// readers says in words who beside us can read a file; "" is nobody. The mode
// speaks for an access control list too: its group is the most that the list
// gives anybody (acl(5)). root can read everything.
func readers(_ string, info fs.FileInfo) (string, error) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", errors.New("its owner is not known")
	}
	mode := info.Mode().Perm()
	switch {
	case mode&0o004 != 0:
		return fmt.Sprintf("everybody can read it (mode %04o)", mode), nil
	case mode&0o040 != 0:
		return fmt.Sprintf("its group can read it (mode %04o)", mode), nil
	case s.Uid != 0 && int(s.Uid) != os.Geteuid():
		return fmt.Sprintf("belongs to another user, %d", s.Uid), nil
	}
	return "", nil
}

func howPrivate(path string) string { return "chmod 600 " + path }

// keepsInode says that a file must stay the one it is: others know it by another
// name, or it has an access control list.
func keepsInode(path string, info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink > 1 || hasList(path)
}

// like gives a new file the owner, the group and the mode of the old one.
func like(f *os.File, _ string, old fs.FileInfo) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	now, ok1 := info.Sys().(*syscall.Stat_t)
	was, ok2 := old.Sys().(*syscall.Stat_t)
	if ok1 && ok2 && (now.Uid != was.Uid || now.Gid != was.Gid) {
		if err := f.Chown(int(was.Uid), int(was.Gid)); err != nil {
			return err
		}
	}
	return f.Chmod(old.Mode().Perm())
}

// ownFile is a name of an open file of this process, otherFile one of another's.
var ownFile = regexp.MustCompile(`^(?:/dev/fd|/proc/(?:self|thread-self|([0-9]+))/fd)/([0-9]+)$`)

// openFile is the number of the open file that a path is a name of, or -1: the
// kernel's links there lead to a file, and are not to be followed to it.
func openFile(path string) int {
	for range maxLinks {
		switch path = filepath.Clean(path); path {
		case "/dev/stdin":
			return 0
		case "/dev/stdout":
			return 1
		case "/dev/stderr":
			return 2
		}
		if m := ownFile.FindStringSubmatch(path); m != nil && (m[1] == "" || m[1] == strconv.Itoa(os.Getpid())) {
			if n, err := strconv.Atoi(m[2]); err == nil {
				return n
			}
		}
		next, err := os.Readlink(path)
		if err != nil {
			return -1
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return -1
}

// toStream writes to an open file of this process and leaves it open.
func toStream(fd int, write func(io.Writer) error) error {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("file %d is not open: %w", fd, err)
	}
	f := os.NewFile(uintptr(n), "file "+strconv.Itoa(fd))
	return errors.Join(write(f), f.Close())
}

// openSpecial opens a device or a FIFO for writing. Nobody is waited for without
// an end: a FIFO that nobody reads is an error.
func openSpecial(p place) (*os.File, error) {
	for late := time.Now().Add(readerTime); ; time.Sleep(20 * time.Millisecond) {
		f, err := os.OpenFile(p.path, os.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
		switch {
		case !errors.Is(err, unix.ENXIO) || p.info.Mode()&fs.ModeNamedPipe == 0:
			return f, err
		case time.Now().After(late):
			return nil, fmt.Errorf("nobody reads the FIFO %s, for %s now", p.path, readerTime)
		}
	}
}
