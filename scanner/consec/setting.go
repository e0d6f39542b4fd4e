package consec

import (
	"strings"
)

// settings are what one store says beside rules and sets.
type settings struct {
	store      Store
	numbers    map[string]*Setting // by name in lower case, of the base key
	texts      map[string]string
	profiles   map[string]*profileSettings // by key in lower case
	hasNewKeys bool                        // PrivateProfile or PublicProfile is there
}

type profileSettings struct {
	numbers map[string]*Setting
	without []string // DisabledInterfaces
}

// The numbers that decide something.
var (
	globalNumbers  = []string{"policyversion", "ipsecexempt", "ipsecthroughnat"}
	profileNumbers = []string{
		"enablefirewall", "defaultinboundaction", "defaultoutboundaction",
		"donotallowexceptions", "allowlocalpolicymerge", "allowlocalipsecpolicymerge",
	}
)

// read reads a key of settings. Other keys are left alone.
func (s *settings) read(k *hiveKey) error {
	var err error
	switch len(k.path) {
	case 0:
		s.texts = map[string]string{}
		for _, v := range k.order {
			if !v.gone {
				s.texts[strings.ToLower(v.Name)] = v.Data
			}
		}
		s.numbers, err = numbersOf(s.store, k, globalNumbers)
	case 1:
		name := strings.ToLower(k.path[0])
		if !strings.HasSuffix(name, "profile") {
			return nil
		}
		p := &profileSettings{}
		if p.numbers, err = numbersOf(s.store, k, profileNumbers); err != nil {
			return err
		}
		if v := k.values["disabledinterfaces"]; v != nil && !v.gone {
			for id := range strings.SplitSeq(v.Data, ",") {
				if id = strings.TrimSpace(id); id != "" {
					p.without = append(p.without, id)
				}
			}
		}
		if s.profiles == nil {
			s.profiles = map[string]*profileSettings{}
		}
		s.profiles[name] = p
		s.hasNewKeys = s.hasNewKeys || name == "privateprofile" || name == "publicprofile"
	}
	return err
}

func numbersOf(store Store, k *hiveKey, names []string) (map[string]*Setting, error) {
	found := map[string]*Setting{}
	for _, name := range names {
		v := k.values[name]
		if v == nil || v.gone {
			continue
		}
		n, err := dword(k, v)
		if err != nil {
			return nil, err
		}
		found[name] = &Setting{Value: n, Source: v.source, Store: store}
	}
	return found, nil
}

// profile gives what the store says of a profile. In Group Policy the settings
// of StandardProfile stand for the private and the public one where neither has
// a key ([MS-GPFAS] 2.2.3), and only some of them may be there; a machine's own
// store calls the private profile by that name.
func (s *settings) profile(name string) *profileSettings {
	own, standard := s.profiles[name+"profile"], s.profiles["standardprofile"]
	switch {
	case s.store != GPO && name == "private" && standard != nil:
		return standard
	case own != nil:
		return own
	case standard == nil || name == "domain":
		return &profileSettings{}
	case s.store == GPO && !s.hasNewKeys:
		return &profileSettings{numbers: map[string]*Setting{
			"enablefirewall":       standard.numbers["enablefirewall"],
			"donotallowexceptions": standard.numbers["donotallowexceptions"],
		}}
	}
	return &profileSettings{}
}

// settle puts the settings of all stores together by the merge laws of
// [MS-FASP] 2.2.38 and 2.2.42: Group Policy wins over MDM, MDM over the
// machine's own; whether local rules count is not for the machine to say.
func (p *Policy) settle(all map[Store]settings) {
	gpo, mdm, local := all[GPO], all[MDM], all[Local]
	global := func(name string) *Setting {
		return firstSet(gpo.numbers[name], mdm.numbers[name], local.numbers[name])
	}
	if v := gpo.numbers["policyversion"]; v != nil {
		p.Version = v.Value
	}
	p.Exempt = global("ipsecexempt")
	if m := mdm.numbers["ipsecexempt"]; m != nil && p.Exempt != m {
		p.ExemptMDM = m
	}
	p.ThroughNAT = global("ipsecthroughnat")
	p.Machines = gpo.texts["ipsectransportremotemachineauthorizationlist"]
	p.Users = gpo.texts["ipsectransportremoteuserauthorizationlist"]
	for i, to := range []*Profile{&p.Domain, &p.Private, &p.Public} {
		name := ProfileNames[i]
		g, m, l := gpo.profile(name), mdm.profile(name), local.profile(name)
		merged := func(name string) *Setting {
			return firstSet(g.numbers[name], m.numbers[name], l.numbers[name])
		}
		to.EnableFirewall = merged("enablefirewall")
		to.DefaultInbound = merged("defaultinboundaction")
		to.DefaultOutbound = merged("defaultoutboundaction")
		to.ShieldsUp = merged("donotallowexceptions")
		for _, s := range []*Setting{g.numbers["donotallowexceptions"], m.numbers["donotallowexceptions"], l.numbers["donotallowexceptions"]} {
			if s != nil && s.Value != 0 {
				to.ShieldsUp = s // "on" wins, whoever says so
				break
			}
		}
		to.LocalRules = firstSet(g.numbers["allowlocalpolicymerge"], m.numbers["allowlocalpolicymerge"])
		to.LocalIPsec = firstSet(g.numbers["allowlocalipsecpolicymerge"], m.numbers["allowlocalipsecpolicymerge"])
		for _, s := range []*profileSettings{g, m, l} {
			if s.without != nil {
				to.DisabledInterfaces = s.without
				break
			}
		}
	}
}

func firstSet(all ...*Setting) *Setting {
	for _, s := range all {
		if s != nil {
			return s
		}
	}
	return nil
}
