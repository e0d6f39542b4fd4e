package winrm

import "testing"

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"client1.contoso.test":                "http://client1.contoso.test:5985/wsman",
		"client1:15985":                       "http://client1:15985/wsman",
		"client1:5986":                        "https://client1:5986/wsman",
		"198.18.10.30":                        "http://198.18.10.30:5985/wsman",
		"2001:db8:10::30":                     "http://[2001:db8:10::30]:5985/wsman",
		"[2001:db8:10::30]:80":                "http://[2001:db8:10::30]:80/wsman",
		"https://client1":                     "https://client1:5986/wsman",
		"https://[2001:db8::1]/wsman":         "https://[2001:db8::1]:5986/wsman",
		"http://client1:5985/other":           "http://client1:5985/other",
		"ftp://client1":                       "",
		"client1/wsman":                       "",
		"client1:0":                           "",
		"client1:99999":                       "",
		"":                                    "",
		"http://":                             "",
		"https://user:password@client1/wsman": "",
	} {
		e, err := parseAddress(in)
		if (err == nil) != (want != "") || err == nil && e.url() != want {
			t.Errorf("%q: %q, %v; want %q", in, e.url(), err, want)
		}
	}
}

func TestSplitUser(t *testing.T) {
	for in, want := range map[string][2]string{
		`CONTOSO\svc-t2`:      {"svc-t2", "CONTOSO"},
		"svc-t2@contoso.test": {"svc-t2", "contoso.test"},
		`.\admin`:             {"admin", ""},
		"admin":               {"admin", ""},
	} {
		if u, d := splitUser(in); u != want[0] || d != want[1] {
			t.Errorf("%q: %q, %q", in, u, d)
		}
	}
}
