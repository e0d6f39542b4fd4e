package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry/pol"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// content is what a SYSVOL has of a GPO.
type content struct {
	version *uint32 // of gpt.ini
	pol     []byte  // Machine\Registry.pol
	polAt   string
	hasPol  bool
	absent  []run.Problem // what should be there and is not
	broken  []run.Problem // what is there and could not be read
	turn    chan struct{} // of a large Registry.pol
}

// contents reads gpt.ini and Registry.pol of a GPO. It fails where the GPO names
// no place for them.
func (d *domain) contents(ctx context.Context, f files, g *run.GPO) (content, error) {
	at, err := d.locate(g.Path)
	if err != nil {
		return content{}, err
	}
	where := func(file ...string) string { return strings.Join(slices.Concat([]string{"SYSVOL"}, at, file), `\`) }
	c := content{polAt: where("Machine", "Registry.pol")}
	ini, err := f.read(ctx, slices.Concat(at, []string{"gpt.ini"}), largestINI)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := f.exists(ctx, at); errors.Is(err, fs.ErrNotExist) {
			c.absent = append(c.absent, problem(run.AspectSettings, where(), reason.Fail(reason.GPOFolderMissing)))
			return c, nil
		}
		c.absent = append(c.absent, problem(run.AspectSettings, where("gpt.ini"), reason.Fail(reason.FileMissing)))
	case err != nil:
		c.broken = append(c.broken, problem(run.AspectSettings, where("gpt.ini"), lost{err}))
	default:
		if version, err := gpo.ParseINI(ini); err != nil {
			c.broken = append(c.broken, problem(run.AspectSettings, where("gpt.ini"), err))
		} else {
			c.version = &version
		}
	}
	err = c.registry(ctx, d, f, slices.Concat(at, []string{"Machine", "Registry.pol"}))
	c.hasPol = err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.broken = append(c.broken, problem(run.AspectSettings, c.polAt, lost{err}))
	}
	return c, nil
}

// registry reads Registry.pol. A large one waits until no other is in memory.
func (c *content) registry(ctx context.Context, d *domain, f files, path []string) (err error) {
	var large tooLargeError
	if c.pol, err = f.read(ctx, path, commonPol); !errors.As(err, &large) {
		return err
	}
	select {
	case d.large <- struct{}{}:
		c.turn = d.large
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	c.pol, err = f.read(ctx, path, largestPol)
	return err
}

// release is the end of what was read.
func (c *content) release() {
	if c.turn != nil {
		<-c.turn
	}
}

// into puts it into the GPO.
func (c *content) into(g *run.GPO) {
	g.FileVersion, g.RegistryFile = c.version, c.hasPol
	g.Problems = slices.Concat(g.Problems, c.absent, c.broken)
	if !c.hasPol {
		return
	}
	var err error
	g.Registry, g.Settings, err = pol.Values(c.pol, firewallKey)
	if err != nil {
		g.Problems = append(g.Problems, problem(run.AspectSettings, c.polAt, err))
	}
}

// copied puts it into a copy. That something is not there is no error of a copy,
// but its state.
func (c *content) copied(to *run.CopiedGPO) {
	to.FileVersion = c.version
	if c.hasPol {
		sum := sha256.Sum256(c.pol)
		to.Settings = hex.EncodeToString(sum[:])
	}
	for _, p := range c.broken {
		to.Error = append(to.Error, p.Reason())
	}
}
