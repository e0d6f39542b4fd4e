package logon

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/scrypt"
)

// Memory keeps which secrets were refused, beyond the run and beyond the process:
// in a folder, one small file of mode 600 for each. A file holds the account, the
// moment, the place and a salted scrypt of the secret. Two processes never write
// to one file.
type Memory struct {
	dir  string // "" keeps nothing beyond the process
	warn func(string)
	cost int // of one scrypt

	mu      sync.Mutex
	entries map[string]*entry // by file name
	allowed time.Time         // what was refused before may be tried once more
	warned  bool
}

// entry is one file.
type entry struct {
	Version int `json:"version"`
	Refusal
	Salt []byte `json:"salt"`
	Hash []byte `json:"scrypt"`

	tried bool // once more, as somebody asked
}

// What a file is called, how large one may be, and how many are read.
const (
	filePrefix  = "refused-"
	fileSuffix  = ".json"
	fileLargest = 16 << 10
	fileMost    = 1000
	// perAccount is how many secrets of one account are kept, the newest.
	perAccount = 8
)

// The cost of one scrypt: some 0.1 s and 32 MB.
const (
	scryptN, scryptR, scryptP = 1 << 15, 8, 1
	scryptLen                 = 32
)

// NewMemory opens the memory in a folder, which is made when something is kept.
// "" keeps it in this process alone.
func NewMemory(dir string) *Memory {
	return &Memory{dir: dir, cost: scryptN, entries: map[string]*entry{}}
}

// Warn tells of the first time that the folder could not be read or written. What
// is refused is kept by the process all the same.
func (m *Memory) Warn(to func(string)) *Memory {
	m.warn = to
	return m
}

// AllowRetry lets each secret that was refused so far be tried once more.
func (m *Memory) AllowRetry() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.allowed = time.Now()
	for _, e := range m.entries {
		e.tried = false
	}
}

// begin reads the folder, where another process may have left something.
func (m *Memory) begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dir == "" {
		return
	}
	files, err := os.ReadDir(m.dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			m.complain(err)
		}
		return
	}
	read := 0
	for _, f := range files {
		name := f.Name()
		if !strings.HasPrefix(name, filePrefix) || !strings.HasSuffix(name, fileSuffix) || m.entries[name] != nil {
			continue
		}
		if read++; read > fileMost {
			m.complain(fmt.Errorf("it holds more than %d refusals; remove the old ones", fileMost))
			return
		}
		e, err := readEntry(filepath.Join(m.dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			m.complain(fmt.Errorf("%s: %w", name, err))
		default:
			m.entries[name] = e
		}
	}
}

func readEntry(path string) (*entry, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > fileLargest:
		return nil, errors.New("it is no file of ours")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	e := new(entry)
	if err := json.Unmarshal(text, e); err != nil {
		return nil, fmt.Errorf("it is damaged; remove it: %w", err)
	}
	if e.Version != 1 || len(e.Salt) == 0 || len(e.Hash) != scryptLen || e.Account.User == "" {
		return nil, errors.New("it is damaged; remove it")
	}
	return e, nil
}

// complain warns once.
func (m *Memory) complain(err error) {
	if m.warned || m.warn == nil {
		return
	}
	m.warned = true
	m.warn(fmt.Sprintf("the state folder %s: %v; what is refused in this process is not tried again, but the next one may not know of it", m.dir, err))
}

// recall finds the refusal of a secret, and whether it may be tried once more.
func (m *Memory) recall(f Forests, names []Account, secret []byte) (*Refusal, bool) {
	for name, e := range m.of(f, names) {
		if !m.holds(e, secret) {
			continue
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		kept := e.Refusal
		kept.file = name
		return &kept, !e.tried && e.At.Before(m.allowed)
	}
	return nil, false
}

// of are the entries of one account.
func (m *Memory) of(f Forests, names []Account) map[string]*entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]*entry{}
	for name, e := range m.entries {
		if slices.ContainsFunc(names, func(n Account) bool { return f.same(n, e.Account) }) {
			found[name] = e
		}
	}
	return found
}

func (m *Memory) holds(e *entry, secret []byte) bool {
	hash, err := scrypt.Key(secret, e.Salt, m.cost, scryptR, scryptP, scryptLen)
	return err == nil && subtle.ConstantTimeCompare(hash, e.Hash) == 1
}

// tried notes that the attempt somebody asked for is being made.
func (m *Memory) tried(r *Refusal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[r.file]; e != nil {
		e.tried = true
	}
}

// remember keeps a refusal, in the place of an older one of this secret.
func (m *Memory) remember(f Forests, names []Account, r, older *Refusal, secret []byte) {
	m.forget(older)
	e := &entry{Version: 1, Refusal: *r, Salt: make([]byte, 16), tried: true}
	_, _ = rand.Read(e.Salt) // it never fails
	var err error
	if e.Hash, err = scrypt.Key(secret, e.Salt, m.cost, scryptR, scryptP, scryptLen); err != nil {
		panic(err) // the parameters are constants
	}
	name := fmt.Sprintf("%s%x%s", filePrefix, e.Salt, fileSuffix)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries[name] = e
	if m.dir == "" {
		m.complain(errors.New("there is none, for HOME and STATE_DIRECTORY are not set"))
		return
	}
	if err := m.write(name, e); err != nil {
		m.complain(err)
	}
	m.trim(f, names)
}

func (m *Memory) write(name string, e *entry) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return err
	}
	t, err := os.CreateTemp(m.dir, "."+filePrefix+"*") // of mode 600
	if err != nil {
		return err
	}
	_, err = t.Write(text)
	if err = errors.Join(err, t.Close()); err == nil {
		err = os.Rename(t.Name(), filepath.Join(m.dir, name))
	}
	if err != nil {
		_ = os.Remove(t.Name())
	}
	return err
}

// trim removes the oldest secrets of an account where they are many.
func (m *Memory) trim(f Forests, names []Account) {
	var mine []string
	for name, e := range m.entries {
		if slices.ContainsFunc(names, func(n Account) bool { return f.same(n, e.Account) }) {
			mine = append(mine, name)
		}
	}
	slices.SortFunc(mine, func(a, b string) int { return m.entries[b].At.Compare(m.entries[a].At) })
	for _, name := range mine[min(len(mine), perAccount):] {
		m.drop(name)
	}
}

// forget drops a refusal, if any.
func (m *Memory) forget(r *Refusal) {
	if r == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(r.file)
}

func (m *Memory) drop(name string) {
	delete(m.entries, name)
	if m.dir != "" {
		if err := os.Remove(filepath.Join(m.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			m.complain(err)
		}
	}
}
