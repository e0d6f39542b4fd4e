package winrm

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// reader reads keys with reg.exe.
type reader struct{ h *host }

// registryLimit is for one question to reg.exe.
const registryLimit = 60 * time.Second

// keyName is a registry key that can stand between quotes in a command line of
// cmd.exe, with no character that means something there.
var keyName = regexp.MustCompile(`^(?i:HKLM|HKEY_LOCAL_MACHINE)(\\[A-Za-z0-9 _.{}()-]+)+$`)

// ReadRegistry reads key and everything below it. reg.exe exits with 1 for a key
// that is missing and for one that may not be read, and says which in the
// machine's language; so a key is missing only where its parent lists others.
func (r reader) ReadRegistry(ctx context.Context, key string) ([]registry.Value, error) {
	if !keyName.MatchString(key) {
		return nil, reason.Fail(reason.KeyNameOdd, "key", key)
	}
	out, err := r.h.run(ctx, `reg query "`+key+`" /s`, registryLimit)
	if err != nil {
		return nil, reason.Wrap(err, reason.RegistryUnread, "host", r.h.post.endpoint.host, "why", reason.Of(err))
	}
	switch {
	case out.exit == 0 && strings.TrimSpace(out.stderr) != "":
		return nil, reason.Fail(reason.RegistryUnread, "host", r.h.post.endpoint.host, "why", reason.New(reason.KeyReadInPart, "key", key, "words", clean(out.stderr)))
	case out.exit == 0:
		values, err := registry.ParseText(out.stdout, key)
		if err != nil {
			return nil, reason.Wrap(err, reason.RegistryUnread, "host", r.h.post.endpoint.host, "why", reason.Of(err))
		}
		if len(values) == 0 {
			values = []registry.Value{{Key: registry.LongKey(key)}}
		}
		return values, nil
	}
	if err := r.missing(ctx, key, out); err != nil {
		return nil, reason.Wrap(err, reason.RegistryUnread, "host", r.h.post.endpoint.host, "why", reason.Of(err))
	}
	return nil, fmt.Errorf("registry of %s: %s: %w", r.h.post.endpoint.host, key, vantage.ErrNoKey)
}

// missing returns nil where key is known not to be there: the nearest ancestor
// that can be listed does not list it. An empty listing counts only where the
// key above lists the one that is empty.
func (r reader) missing(ctx context.Context, key string, failed result) error {
	words := complaint(failed)
	if failed.exit != 1 {
		return reason.Fail(reason.RegToolEnded, "exit", failed.exit, "key", key, "words", words)
	}
	empty := false
	for child := registry.LongKey(key); ; {
		i := strings.LastIndexByte(child, '\\')
		if i < 0 {
			return reason.Fail(reason.KeysUnlisted, "key", key, "words", words)
		}
		parent := child[:i]
		out, err := r.h.run(ctx, `reg query "`+parent+`"`, registryLimit)
		if err != nil {
			return err
		}
		listed := notListed
		if out.exit == 0 {
			listed = lists(out.stdout, child)
		}
		switch {
		case empty && listed == isListed, !empty && listed == othersListed:
			return nil
		case empty:
			return reason.Fail(reason.KeyListOdd, "key", key, "words", words)
		case listed == isListed:
			return reason.Fail(reason.KeyNotReadable, "key", child, "words", words)
		}
		empty = out.exit == 0
		child = parent
	}
}

// complaint is what reg.exe says of its failure. Where it got as far as a key,
// what it printed of it is left out: the values may be secret.
func complaint(failed result) string {
	out, _, far := strings.Cut(failed.stdout, "HKEY_")
	if far || strings.Contains(out, "REG_") {
		return clean(failed.stderr)
	}
	return clean(failed.stderr + " " + out)
}

// What a listing says of a key.
const (
	notListed    = iota // nothing: it is empty
	isListed            // it is there
	othersListed        // others are there, it is not
)

// lists says what the listing of a key says of its child.
func lists(listing, child string) int {
	found := notListed
	for line := range strings.Lines(listing) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, "HKEY_") && !registry.IsValue(line) {
			continue
		}
		if strings.EqualFold(line, child) {
			return isListed
		}
		found = othersListed
	}
	return found
}
