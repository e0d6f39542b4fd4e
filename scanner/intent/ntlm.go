package intent

import "strings"

// forbidsNTLM says whether the file forbids NTLM. A word that is not known is
// told once, by what looks at the whole file.
func (l *loader) forbidsNTLM() bool { return l.main.NTLM.value == "forbid" }

// checkNTLM tells a word that is not known, and a directory whose SYSVOL cannot be
// read without NTLM: Kerberos wants to know the domain of the account.
func (l *loader) checkNTLM(p *Policy) {
	oneOf(l, "ntlm", l.main.NTLM, "allow")
	if !p.ForbidNTLM {
		return
	}
	for _, f := range p.Directories() {
		c, ok := p.Credential(f.Directory.Credential)
		if !ok || len(f.Directory.URLs) == 0 || f.Directory.SYSVOL != "" || c.Kind != "password" || c.User == "" {
			continue
		}
		if !strings.ContainsAny(c.User, `\@`) {
			for _, own := range l.credentials {
				if own.name == c.Name {
					l.bad.add(own.at, "credential %s reads the SYSVOL of forest %s, with Kerberos alone because of ntlm: forbid, and that wants the account's domain; write DOMAIN\\%s, or a principal in place of user", c.Name, f.Name, c.User)
				}
			}
		}
	}
}
