package policyfile

import (
	"strings"
	"testing"
	"time"
)

const waiverPolicy = `version: 1
%zone%hosts: {kms01: {addresses: [198.18.10.30]}}
vantages: {guest: {role: non-domain, via: [local]}}
exemptions: [{name: kiosks, addresses: [198.18.40.0/25], reason: r, owner: o, control: c, expires: 2026-12-01}]
%limits%waivers: [{cell: "dns-srv/guest/*", reason: r, owner: ops, expires: %expires%}]
`

func TestADayEndsInTheZoneOfThePolicy(t *testing.T) {
	for name, c := range map[string]struct {
		zone, expires, until string
		want                 time.Time
	}{
		"UTC by default":         {"", "2026-12-01", "2026-12-01", time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC)},
		"east of it":             {"zone: Europe/Berlin\n", "2026-12-01", "2026-12-01", time.Date(2026, 12, 1, 23, 0, 0, 0, time.UTC)},
		"west of it":             {"zone: America/New_York\n", "2026-12-01", "2026-12-01", time.Date(2026, 12, 2, 5, 0, 0, 0, time.UTC)},
		"a day of 25 hours":      {"zone: Europe/Berlin\n", "2026-10-25", "2026-10-25", time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC)},
		"a moment has its own":   {"zone: Europe/Berlin\n", `"2026-12-01T10:00:00-03:00"`, "2026-12-01T10:00:00-03:00", time.Date(2026, 12, 1, 13, 0, 0, 0, time.UTC)},
		"the last day of a year": {"", "2026-12-31", "2026-12-31", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := loaderOf(memory(waiverText(c.zone, "", c.expires))).load("kmsiso.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if w := p.Waivers[0]; !w.Expires.Equal(c.want) || w.Ends() != c.until {
				t.Errorf("it ends %s (%s), want %s (%s)", w.Expires.UTC(), w.Ends(), c.want, c.until)
			}
			if p.Exemptions[0].Ends() != "2026-12-01" {
				t.Errorf("the exemption ends %s", p.Exemptions[0].Ends())
			}
		})
	}
}

func TestALongWaiverWarns(t *testing.T) {
	const long = "which is more than"
	after := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }
	for name, c := range map[string]struct {
		limits, expires string
		want            bool
	}{
		"180 days":            {"", after(180), false},
		"182 days":            {"", after(182), true},
		"allowed":             {"limits: {waiver: 365d}\n", after(300), false},
		"shorter than usual":  {"limits: {waiver: 30d}\n", after(40), true},
		"in seventy years":    {"", "2099-01-01", true},
		"one that has ended":  {"", after(-3), false},
		"one that ends today": {"", after(0), false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := loaderOf(memory(waiverText("", c.limits, c.expires))).load("kmsiso.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(strings.Join(p.Warnings, "\n"), long); got != c.want {
				t.Errorf("warnings %q", p.Warnings)
			}
		})
	}
}

func TestMistakesInWaivers(t *testing.T) {
	for name, c := range map[string]struct{ zone, limits, expires, say string }{
		"no zone":           {"zone: Mars/Olympus\n", "", "2026-12-01", "no time zone"},
		"no number of days": {"", "limits: {waiver: 6mo}\n", "2026-12-01", "number of days"},
		"no day":            {"", "", "soon", "is no day"},
		"no such day":       {"", "", "2026-02-30", "is no day"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loaderOf(memory(waiverText(c.zone, c.limits, c.expires))).load("kmsiso.yaml")
			if err == nil || !strings.Contains(err.Error(), c.say) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func waiverText(zone, limits, expires string) string {
	return strings.NewReplacer("%zone%", zone, "%limits%", limits, "%expires%", expires).Replace(waiverPolicy)
}
