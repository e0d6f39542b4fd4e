package intent

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/intent/secret"
)

// Prompts lists the credentials that a person is still to be asked for: those that
// the directories are read with, and with vantages those of the ways in too.
func (p *Policy) Prompts(vantages bool) []Credential {
	var used []string
	for _, f := range p.Directories() {
		used = append(used, f.Directory.Credential)
	}
	for _, v := range p.Vantages {
		for _, w := range v.Via {
			if vantages {
				used = append(used, w.Credential)
			}
		}
	}
	var all []Credential
	for _, c := range p.Credentials {
		if c.Password.Prompt != "" && slices.Contains(used, c.Name) && !secret.Answered(c.Name) {
			all = append(all, c)
		}
	}
	return all
}
