package policyfile

import (
	"net/url"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/intent"
)

func (l *loader) forest(fo named[block[forestForm]]) intent.Forest {
	f := fo.value.form.Directory.form
	out := intent.Forest{Name: fo.name, Directory: intent.Directory{
		Credential: f.Credential.value, CA: l.existing(f.CA, "ca of forest "+fo.name), SYSVOL: l.sysvol(f.SYSVOL),
		AllControllers: oneOf(l, "controllers", f.All, "declared") == "all",
	}}
	if out.Directory.AllControllers && f.SYSVOL.set {
		l.bad.add(f.All.at, "controllers: all means nothing beside sysvol: from a folder no copies are compared; remove one")
	}
	for _, s := range l.kinds.sources {
		if path := f.FileSource.of(s.Name).text; path.set {
			out.Directory.FileSource = intent.FileSourceAt(s, l.fileSource(s, path))
		}
	}
	for _, u := range f.URLs.items {
		if l.directoryURL(u) {
			out.Directory.URLs = append(out.Directory.URLs, u.value)
		}
	}
	if kind, ok := l.credentialKind(f.Credential); ok && kind == "key" {
		l.bad.add(f.Credential.at, "credential %s is an SSH key, which does not log in to a directory; name a password, a keytab or a ccache", f.Credential.value)
	}
	l.oneSource(fo)
	return out
}

// oneSource wants exactly one of the places where policy can be read, and
// nothing beside it that is for another.
func (l *loader) oneSource(fo named[block[forestForm]]) {
	d := fo.value.form.Directory
	if !d.set || d.broken {
		return
	}
	f := d.form
	var given []string
	var last place
	add := func(key string, at place) {
		if at.src != nil {
			given, last = append(given, key), at
		}
	}
	add("urls", f.URLs.at)
	for _, name := range l.kinds.sourceNames() {
		add(name, f.FileSource.of(name).at)
	}
	switch {
	case len(given) == 0 || given[0] == "urls" && len(given) == 1 && len(f.URLs.items) == 0:
		l.bad.add(d.at, "the directory of forest %s names nothing to read; give %s", fo.name, sentence(append([]string{"urls"}, l.kinds.sourceNames()...), "or"))
	case len(given) > 1:
		l.bad.add(last, "forest %s has both %s; keep the one to read", fo.name, strings.Join(given, " and "))
	case given[0] != "urls":
		for _, live := range []struct {
			key string
			at  place
		}{{"credential", f.Credential.at}, {"ca", f.CA.at}, {"sysvol", f.SYSVOL.at}, {"controllers", f.All.at}} {
			if live.at.src != nil {
				l.bad.add(live.at, "%s means nothing beside %s, which is read from this machine; remove it", live.key, given[0])
			}
		}
	}
}

// fileSource resolves the path of a source in files.
func (l *loader) fileSource(kind filesource.Kind, path text) string {
	if kind.Folder {
		return l.existingDir(path, kind.What)
	}
	found, _ := l.there(path, kind.What)
	return found
}

// sysvol resolves a folder. A UNC path is left as it is and not looked for:
// that would ask a server, and as whoever runs this.
func (l *loader) sysvol(s text) string {
	if strings.HasPrefix(s.value, `\\`) || strings.HasPrefix(s.value, "//") {
		return s.value
	}
	return l.existingDir(s, "sysvol")
}

func (l *loader) directoryURL(u text) bool {
	if !u.set {
		return false
	}
	parsed, err := url.Parse(u.value)
	switch {
	case strings.Contains(u.value, "@"):
		u.at.src.hidden = append(u.at.src.hidden, span{u.at.line, u.at.column, u.at.line + 1})
		l.bad.add(u.at, "a URL must not hold a user or a password; name a credential beside it")
	case err != nil || parsed.Scheme != "ldaps" && parsed.Scheme != "ldap" || parsed.Hostname() == "":
		l.bad.add(u.at, "%q is no directory; write one such as ldaps://dc01.contoso.test", u.value)
	case !l.urlPort(u, parsed):
	default:
		return true
	}
	return false
}

func (l *loader) urlPort(u text, parsed *url.URL) bool {
	if p := parsed.Port(); p != "" {
		var n port
		if err := parseValue(&n, p, false); err != nil {
			l.bad.add(u.at, "%v", err)
			return false
		}
	}
	return true
}
