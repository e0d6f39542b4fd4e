package intent

import (
	"errors"
	"fmt"
	"slices"
	"sync"
)

// answers are the secrets that a person was asked for, by credential. They live as
// long as the process: nobody is asked twice.
var answers struct {
	sync.Mutex
	of map[string]Plain
}

// Answer keeps what a person said is the secret of a credential. A form that no
// typed secret has is an error, which holds nothing of it.
func Answer(credential string, secret []byte) error {
	if len(secret) == 0 {
		return errors.New("the secret is empty")
	}
	if why := misshapen(secret); why != "" {
		return fmt.Errorf("the secret %s", why)
	}
	answers.Lock()
	defer answers.Unlock()
	if answers.of == nil {
		answers.of = map[string]Plain{}
	}
	answers.of[credential] = slices.Clone(secret)
	return nil
}

func answered(credential string) (Plain, error) {
	answers.Lock()
	defer answers.Unlock()
	b, ok := answers.of[credential]
	if !ok {
		return nil, fmt.Errorf("nobody was asked for the secret of credential %s", credential)
	}
	return slices.Clone(b), nil
}

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
		if c.Password.Prompt == "" || !slices.Contains(used, c.Name) {
			continue
		}
		if _, err := answered(c.Name); err != nil {
			all = append(all, c)
		}
	}
	return all
}
