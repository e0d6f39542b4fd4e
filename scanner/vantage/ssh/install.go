package ssh

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The scripts run under sh whatever the login shell is, so they hold no single
// quote and no newline.
const (
	// makeDir makes a directory that only this account can enter, at the first
	// place where a file can be written and run.
	makeDir = `umask 077; for t in "${TMPDIR:-/tmp}" /tmp /var/tmp "$HOME"; do ` +
		`d=$(mktemp -d "$t/kmsiso-XXXXXXXXXX" 2>/dev/null) || continue; chmod 700 "$d"; ` +
		`if printf "#!/bin/sh\n" >"$d/try" && chmod 700 "$d/try" && "$d/try"; then rm "$d/try"; echo "$d"; exit 0; fi; ` +
		`rm -rf "$d"; done 2>/dev/null; ` +
		`echo "a file can be written and run neither in TMPDIR, /tmp, /var/tmp nor HOME" >&2; exit 1`
	// receive writes what it is given to $0, to be run by this account only.
	receive = `umask 077; cat >"$0" && chmod 500 "$0"`
	// sum prints the SHA-256 of $0 with whatever is there to make one.
	sum = `sha256sum "$0" 2>/dev/null || shasum -a 256 "$0" 2>/dev/null || openssl dgst -sha256 -r "$0"`
	// serve runs the far end in $0 and removes $0 when it has ended, also where
	// the connection is gone and nobody else can.
	serve = `trap : HUP INT TERM; "$0/kmsiso" far-end; s=$?; rm -rf "$0"; exit $s`
	// remove removes $0 and says whether it is gone.
	remove = `rm -rf "$0"; test ! -e "$0"`
	// onPath finds a kmsiso that is installed there.
	onPath = `command -v kmsiso >/dev/null`
)

// sh is the command line that runs a script with argument $0.
func sh(script, arg string) string {
	if arg == "" {
		return "sh -c '" + script + "'"
	}
	return "sh -c '" + script + "' '" + arg + "'"
}

// sent is a far end on the far machine.
type sent struct {
	l   *link
	dir string
}

// send makes a private directory there, writes the release binary for p into it
// and has its SHA-256 checked by the far machine.
func (w Way) send(ctx context.Context, l *link, p platform) (_ *sent, err error) {
	file, err := w.release(p)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	made, err := l.run(ctx, sh(makeDir, ""), nil)
	if err != nil {
		return nil, err
	}
	if made.status != 0 {
		return nil, noFarEnd(reason.FarEndNotPlaced, "words", shortened(made.words(), 200))
	}
	s := &sent{l: l, dir: strings.TrimSuffix(made.out, "\n")}
	if !strings.HasPrefix(s.dir, "/") || strings.ContainsAny(s.dir, "'\n\\!") {
		return nil, noFarEnd(reason.FarFolderOdd, "folder", shortened(s.dir, 100))
	}
	defer func() {
		if err != nil && ctx.Err() == nil {
			err = errors.Join(err, s.remove(ctx))
		}
	}()
	hash := sha256.New()
	wrote, err := l.run(ctx, sh(receive, s.dir+"/kmsiso"), io.TeeReader(file, hash))
	if err != nil {
		return nil, err
	}
	if wrote.status != 0 {
		return nil, noFarEnd(reason.FarEndNotPlaced, "folder", s.dir, "words", shortened(wrote.words(), 200))
	}
	return s, s.check(ctx, hex.EncodeToString(hash.Sum(nil)))
}

// check compares the hash of what arrived with that of what was sent.
func (s *sent) check(ctx context.Context, want string) error {
	got, err := s.l.run(ctx, sh(sum, s.dir+"/kmsiso"), nil)
	if err != nil {
		return err
	}
	arrived, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(got.out), `\`), " ")
	if _, err := hex.DecodeString(arrived); err != nil || len(arrived) != hex.EncodedLen(sha256.Size) {
		return noFarEnd(reason.FarEndUnchecked, "words", shortened(got.words(), 120))
	}
	if arrived != want {
		return reason.Fail(reason.FarEndDamaged, "host", s.l.name, "sent", want, "arrived", arrived)
	}
	return nil
}

// remove removes the directory and makes sure that it is gone.
func (s *sent) remove(ctx context.Context) error {
	r, err := s.l.run(ctx, sh(remove, s.dir), nil)
	if err == nil && r.status != 0 {
		err = errors.New(r.words())
	}
	if err != nil {
		return reason.Wrap(err, reason.FarEndNotRemoved, "folder", s.dir, "host", s.l.name, "words", err)
	}
	return nil
}

// release opens the binary for p: in FarEnd, beside the executable, or the
// executable itself where it fits.
func (w Way) release(p platform) (*os.File, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this executable: %w", err)
	}
	dir := w.FarEnd
	if dir == "" {
		dir = filepath.Dir(self)
	}
	name := filepath.Join(dir, p.binary())
	file, err := os.Open(name)
	if err == nil {
		return file, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, reason.Wrap(err, reason.FarEndUnreadable, "system", p, "words", err)
	}
	if p.own() {
		return os.Open(self)
	}
	return nil, noFarEnd(reason.FarEndUnreleased, "system", p, "file", p.binary(), "folder", dir)
}
