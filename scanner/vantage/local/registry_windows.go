package local

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"golang.org/x/sys/windows"
	winreg "golang.org/x/sys/windows/registry"
)

// registryReader reads this machine's registry as 64-bit programs see it.
type registryReader struct{}

func newRegistry() (registryReader, error) { return registryReader{}, nil }

// hives are the roots that can be read, by their long and short names.
var hives = map[string]struct {
	key  winreg.Key
	name string
}{
	"HKLM":               {winreg.LOCAL_MACHINE, "HKEY_LOCAL_MACHINE"},
	"HKEY_LOCAL_MACHINE": {winreg.LOCAL_MACHINE, "HKEY_LOCAL_MACHINE"},
	"HKCU":               {winreg.CURRENT_USER, "HKEY_CURRENT_USER"},
	"HKEY_CURRENT_USER":  {winreg.CURRENT_USER, "HKEY_CURRENT_USER"},
	"HKU":                {winreg.USERS, "HKEY_USERS"},
	"HKEY_USERS":         {winreg.USERS, "HKEY_USERS"},
}

const readAccess = winreg.READ | winreg.WOW64_64KEY

// ReadRegistry reads a key and everything below it.
func (registryReader) ReadRegistry(ctx context.Context, key string) ([]registry.Value, error) {
	root, path, _ := strings.Cut(key, `\`)
	h, ok := hives[strings.ToUpper(root)]
	if !ok {
		return nil, fmt.Errorf("read registry key %s: %q is no root that can be read", key, root)
	}
	k, err := winreg.OpenKey(h.key, path, readAccess)
	if errors.Is(err, winreg.ErrNotExist) {
		return nil, fmt.Errorf("read registry key %s: %w", key, vantage.ErrNoKey)
	}
	if err != nil {
		return nil, fmt.Errorf("read registry key %s: %w", key, err)
	}
	defer k.Close()
	return walk(ctx, k, strings.TrimSuffix(h.name+`\`+path, `\`), nil)
}

// walk appends what k and the keys below it hold. A key that goes away while
// it is read is left out.
func walk(ctx context.Context, k winreg.Key, path string, out []registry.Value) ([]registry.Value, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	names, err := k.ReadValueNames(0)
	if err != nil {
		return nil, fmt.Errorf("list the values of registry key %s: %w", path, err)
	}
	if len(names) == 0 {
		out = append(out, registry.Value{Key: path})
	}
	for _, name := range names {
		b, typ, err := readValue(k, name)
		if err != nil {
			return nil, fmt.Errorf("read value %q of registry key %s: %w", name, path, err)
		}
		out = append(out, registry.NewValue(path, name, typ, b))
	}
	below, err := k.ReadSubKeyNames(0)
	if err != nil {
		return nil, fmt.Errorf("list the keys below registry key %s: %w", path, err)
	}
	for _, name := range below {
		sub, err := winreg.OpenKey(k, name, readAccess)
		if errors.Is(err, winreg.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf(`read registry key %s\%s: %w`, path, name, err)
		}
		out, err = walk(ctx, sub, path+`\`+name, out)
		sub.Close()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readValue reads the octets of a value, which may grow while it is read.
func readValue(k winreg.Key, name string) ([]byte, uint32, error) {
	b := make([]byte, 256)
	for {
		n, typ, err := k.GetValue(name, b)
		switch {
		case err == nil:
			return b[:n], typ, nil
		case errors.Is(err, windows.ERROR_MORE_DATA) && n <= 16<<20:
			b = make([]byte, max(n, 2*len(b)))
		default:
			return nil, 0, err
		}
	}
}
