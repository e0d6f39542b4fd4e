package secret

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

// Answered reports whether a person was asked for the secret of a credential.
func Answered(credential string) bool {
	_, err := answer(credential)
	return err == nil
}

func answer(credential string) (Plain, error) {
	answers.Lock()
	defer answers.Unlock()
	b, ok := answers.of[credential]
	if !ok {
		return nil, fmt.Errorf("nobody was asked for the secret of credential %s", credential)
	}
	return slices.Clone(b), nil
}
