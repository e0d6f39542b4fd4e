package policyfile

import (
	"io/fs"
	"os"
	"regexp"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/secret"
)

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// credential resolves where a secret is. It looks whether files are there, and
// whether a password could be used.
func (l *loader) credential(c named[block[credentialForm]]) intent.Credential {
	f := c.value.form
	out := intent.Credential{
		Name: c.name, User: f.User.value, Principal: f.Principal.value, Tier: f.Tier.value,
		Kind: oneOf(l, "kind", f.Kind, ""),
		File: l.secretFile(f.File, "file of credential "+c.name),
	}
	if f.Password.set {
		out.Password = l.secret(c.name, f.Password)
		if l.secrets && out.Kind == "password" {
			l.look(c.name, f.Password, out.Password)
		}
	}
	need := func(set bool, what string) {
		if !set && !c.value.broken {
			l.bad.add(c.at, "credential %s of kind %s needs %s", c.name, out.Kind, what)
		}
	}
	idle := func(s text, what string) {
		if s.at.src != nil {
			l.bad.add(s.at, "%s means nothing for a credential of kind %s; remove it", what, out.Kind)
		}
	}
	switch out.Kind {
	case "password":
		need(f.User.set || f.Principal.set, "user")
		if f.User.set {
			idle(f.Principal, "principal beside user")
		}
		need(f.Password.at.src != nil, "password: {file: PATH}, {env: NAME}, {exec: [COMMAND, ...]} or {prompt: true}")
		idle(f.File, "file")
	case "keytab":
		need(f.Principal.set, "principal, such as svc-kmsiso@CONTOSO.TEST")
		need(f.File.set, "file")
		idle(text{at: f.Password.at}, "password")
		idle(f.User, "user")
	case "ccache":
		need(f.File.set, "file, the Kerberos ticket cache")
		idle(text{at: f.Password.at}, "password")
		idle(f.User, "user")
		idle(f.Principal, "principal")
	case "key":
		need(f.File.set, "file, the private key")
		idle(f.Principal, "principal")
	case "":
		if !f.Kind.set && !c.value.broken {
			l.bad.add(c.at, "credential %s has no kind; want password, keytab, ccache or key", c.name)
		}
	}
	if f.Tier.set && (f.Tier.value < 0 || f.Tier.value > 9) {
		l.bad.add(f.Tier.at, "tier %d: want a number from 0 to 9", f.Tier.value)
	}
	return out
}

func (l *loader) secret(credential string, f secretForm) secret.Reference {
	out := secret.Reference{File: l.secretFile(f.File, "secret file of credential "+credential), Env: f.Env.value, Exec: values(f.Exec)}
	if f.Prompt.value {
		out.Prompt = credential
	}
	given := 0
	for _, set := range []bool{f.File.at.src != nil, f.Env.at.src != nil, f.Exec.at.src != nil, f.Prompt.at.src != nil} {
		if set {
			given++
		}
	}
	if given != 1 {
		l.bad.add(f.at, "credential %s refers to its secret in %d ways; want one of file, env, exec and prompt", credential, given)
	}
	if f.Env.set && !envName.MatchString(f.Env.value) {
		// Not quoted: somebody may have written the secret itself.
		f.Env.at.src.hidden = append(f.Env.at.src.hidden, span{f.Env.at.line, f.Env.at.column, f.Env.at.line + 1})
		l.bad.add(f.Env.at, "credential %s: env wants the name of an environment variable, such as KMSISO_PASSWORD", credential)
	}
	if f.Prompt.set && !f.Prompt.value {
		l.bad.add(f.Prompt.at, "credential %s: prompt: false gives no secret; write prompt: true, or file, env or exec", credential)
	}
	if f.Exec.at.src != nil && len(out.Exec) == 0 {
		l.bad.add(f.Exec.at, "credential %s: exec names no command", credential)
	}
	return out
}

// look tells of a secret that a run could not use.
func (l *loader) look(credential string, f secretForm, s secret.Reference) {
	at := f.Exec.at
	switch {
	case s.File != "":
		if _, err := os.Stat(s.File); err != nil {
			return // told already
		}
		at = f.File.at
	case s.Env != "":
		if !envName.MatchString(s.Env) {
			return // told already
		}
		at = f.Env.at
	}
	mistake, unusable := s.Look()
	if mistake != nil {
		l.bad.add(at, "credential %s: %v", credential, mistake)
	}
	if unusable != nil {
		l.bad.warn(at, "credential %s cannot be used: %v", credential, unusable)
	}
}

// secretFile is [loader.existing] for a file that holds a secret, which nobody
// looks for offline.
func (l *loader) secretFile(s text, what string) string {
	if l.offline && s.set {
		return s.at.src.path(s.value)
	}
	return l.existing(s, what)
}

// existing makes a path absolute to the file that names it, and tells where
// there is no such file.
func (l *loader) existing(s text, what string) string {
	path, info := l.there(s, what)
	if info != nil && info.IsDir() {
		l.bad.add(s.at, "the %s is a directory: %s", what, path)
	}
	return path
}

// existingDir is [loader.existing] for a directory.
func (l *loader) existingDir(s text, what string) string {
	path, info := l.there(s, what)
	if info != nil && !info.IsDir() {
		l.bad.add(s.at, "the %s is no directory: %s", what, path)
	}
	return path
}

// there looks for a file or directory; info is nil where there is none, which
// is told.
func (l *loader) there(s text, what string) (path string, info fs.FileInfo) {
	if !s.set {
		return "", nil
	}
	path = s.at.src.path(s.value)
	info, err := l.files.stat(path)
	if err != nil {
		l.bad.add(s.at, "cannot find the %s: %s: %v; paths start at the directory of this file", what, path, words(err))
		return path, nil
	}
	return path, info
}
