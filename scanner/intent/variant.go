package intent

import (
	"slices"
	"strings"
)

// AtStage gives the policy as at another stage of the roll-out.
func (p *Policy) AtStage(s Stage) *Policy {
	next := *p
	next.Isolation.Stage = s
	return &next
}

// WithWarnings gives the policy with further warnings.
func (p *Policy) WithWarnings(more []string) *Policy {
	next := *p
	next.Warnings = slices.Concat(p.Warnings, more)
	return &next
}

// WithFileSource gives the policy with a source in the place of all directories: that
// of the forest which the KMS hosts are taken to be in.
func (p *Policy) WithFileSource(s FileSource) *Policy {
	next := *p
	next.Forests = []Forest{{Name: p.ownForest(), Directory: Directory{FileSource: s}}}
	return New(next)
}

// ownForest is the forest that the KMS hosts are taken to be in: the first
// declared, or the domain of the first host.
func (p *Policy) ownForest() string {
	if len(p.Forests) > 0 {
		return p.Forests[0].Name
	}
	for _, h := range p.Hosts {
		if _, domain, ok := strings.Cut(h.FQDN, "."); ok {
			return domain
		}
	}
	return "local"
}
