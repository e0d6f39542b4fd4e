package live

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory/live/limits"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// closure says which of the SIDs that some GPO's descriptor names the members of
// a group have, because the group is one of them or is in one, through however
// many others.
//
// It is worked out here, downwards from the groups that are named: one search for
// the groups in each group, and the computers bring their memberOf with them on
// pages that are read anyway. LDAP_MATCHING_RULE_IN_CHAIN would leave the work to
// the domain controller, which then walks the groups of every computer anew for
// each group that is asked for: 100,000 walks for each, where here it is a look
// into a map.
type closure struct {
	named    sids            // by some GPO's descriptor
	byDN     map[string]sids // groups and, from other domains, members; the key in lower case
	bySID    map[security.SID]sids
	everyone sids // groups that Everyone, Authenticated Users ... are in
	writable sids // groups that Enterprise Domain Controllers are in
}

// sids is a set, sorted.
type sids []string

// add is the union, and whether it is more than s.
func (s sids) add(more sids) (sids, bool) {
	all := s
	for _, m := range more {
		if i, there := slices.BinarySearch(all, m); !there {
			if len(all) == len(s) {
				all = slices.Clone(s)
			}
			all = slices.Insert(all, i, m)
		}
	}
	return all, len(all) != len(s)
}

// name notes whom a GPO's descriptor names.
func (c *closure) name(sd *security.Descriptor) {
	for _, t := range sd.Trustees() {
		c.named, _ = c.named.add(sids{string(t)})
	}
}

// node is a group whose members are yet to be found.
type node struct {
	domain *domain
	dn     string
}

// closures fills the closure of all domains.
func (r *reading) closures(ctx context.Context) {
	c := &r.closure
	c.byDN, c.bySID = map[string]sids{}, map[security.SID]sids{}
	var todo []node
	for _, d := range r.domains {
		todo = append(todo, r.roots(ctx, d)...)
	}
	for len(todo) > 0 && ctx.Err() == nil {
		n := todo[0]
		todo = append(todo[1:], r.inside(ctx, n)...)
		if len(r.domains) > 1 {
			todo = append(todo, r.across(ctx, n)...)
		}
	}
}

// roots are the groups of a domain that are named.
func (r *reading) roots(ctx context.Context, d *domain) []node {
	var wanted []string
	for _, s := range r.closure.named {
		domain, rid, ok := security.SID(s).Domain()
		switch {
		case ok && (string(domain) == d.SID || domain == "S-1-5-32"):
			wanted = append(wanted, s)
		case ok && d == r.domains[0] && r.unread(domain, rid):
			d.problem(r.forest, run.AspectComputers, s, lost{reason.Fail(reason.GroupDomainUnread)})
		}
	}
	var all []node
	for some := range slices.Chunk(wanted, 50) {
		q := query{base: d.DN, scope: ldap.ScopeWholeSubtree, filter: "(&(objectClass=group)" + anyOf("objectSid", some) + ")", attrs: []string{"objectSid"}, most: len(some)}
		err := d.primary().each(ctx, q, func(e entry) {
			sid, err := e.sid()
			if err == nil && r.closure.give(e.DN, sid, sids{string(sid)}) {
				all = append(all, node{d, e.DN})
			}
		})
		if err != nil {
			d.problem(r.forest, run.AspectComputers, d.DN, part(err, reason.FilteringGroupsUnread))
		}
	}
	return all
}

// unread says whether a SID is of a domain of the forest that is not read. The
// administrators of one are left aside: no computer is among them.
func (r *reading) unread(of security.SID, rid uint32) bool {
	const domainAdmins, schemaAdmins, enterpriseAdmins = 512, 518, 519
	if rid == domainAdmins || rid == schemaAdmins || rid == enterpriseAdmins || !strings.HasPrefix(string(of), "S-1-5-21-") {
		return false
	}
	return r.partial && !slices.ContainsFunc(r.domains, func(d *domain) bool { return d.SID == string(of) })
}

// give gives the members of a group some SIDs, and says whether they are new.
func (c *closure) give(dn string, sid security.SID, s sids) bool {
	key := strings.ToLower(dn)
	all, more := c.byDN[key].add(s)
	if more {
		c.byDN[key] = all
		c.bySID[sid] = all
	}
	return more
}

// inside finds the groups in a group, in its own domain, and the names for
// everybody that are in it.
func (r *reading) inside(ctx context.Context, n node) []node {
	c := &r.closure
	have := c.byDN[strings.ToLower(n.dn)]
	var all []node
	q := query{base: n.domain.DN, scope: ldap.ScopeWholeSubtree, filter: "(&(|(objectClass=group)(objectClass=foreignSecurityPrincipal))(memberOf=" + ldap.EscapeFilter(n.dn) + "))", attrs: []string{"objectClass", "objectSid"}}
	err := n.domain.primary().each(ctx, q, func(e entry) {
		sid, err := e.sid()
		if err != nil {
			return
		}
		switch {
		case of(e, "group"):
			if c.give(e.DN, sid, have) {
				all = append(all, node{n.domain, e.DN})
			}
		case sid == security.EnterpriseControllers:
			c.writable, _ = c.writable.add(have)
		case sid == security.Everyone, sid == security.AuthenticatedUsers, sid == security.ThisOrganization, sid == security.Network:
			c.everyone, _ = c.everyone.add(have)
		}
	})
	if err != nil {
		n.domain.problem(r.forest, run.AspectComputers, n.dn, part(err, reason.NestedGroupsUnread))
	}
	return all
}

// across finds the members of a group that are in another domain, whose own
// controllers do not tell of it: a memberOf holds the groups of one domain.
func (r *reading) across(ctx context.Context, n node) []node {
	c := &r.closure
	have := c.byDN[strings.ToLower(n.dn)]
	elsewhere := map[*domain][]string{}
	err := n.domain.primary().members(ctx, n.dn, func(dn string) {
		of := gpo.DomainOf(dn)
		if i := slices.IndexFunc(r.domains, func(d *domain) bool { return d.Name == of && d != n.domain }); i >= 0 {
			elsewhere[r.domains[i]] = append(elsewhere[r.domains[i]], dn)
		}
	})
	if err != nil {
		n.domain.problem(r.forest, run.AspectComputers, n.dn, part(err, reason.MembersUnread))
	}
	var all []node
	for d, dns := range elsewhere {
		for some := range slices.Chunk(dns, 50) {
			q := query{base: d.DN, scope: ldap.ScopeWholeSubtree, filter: "(&(|(objectClass=group)(objectCategory=computer))" + anyOf("distinguishedName", some) + ")", attrs: []string{"objectClass", "objectSid"}, most: len(some)}
			err := d.primary().each(ctx, q, func(e entry) {
				sid, err := e.sid()
				if err == nil && c.give(e.DN, sid, have) && of(e, "group") {
					all = append(all, node{d, e.DN})
				}
			})
			if err != nil {
				d.problem(r.forest, run.AspectComputers, n.dn, part(err, reason.ForeignMembersUnread, "domain", d.Name))
			}
		}
	}
	return all
}

// members reads the members of a group, however many: they come in ranges
// ([MS-ADTS] 3.1.1.3.1.3.3).
func (c *conn) members(ctx context.Context, dn string, f func(string)) error {
	for from := 0; ; {
		e, err := c.one(ctx, dn, fmt.Sprintf("member;range=%d-*", from))
		if err != nil {
			return err
		}
		last, came := true, 0
		for _, a := range e.Attributes {
			name, span, _ := strings.Cut(strings.ToLower(a.Name), ";range=")
			if name != "member" || len(a.Values) == 0 {
				continue
			}
			if first, _, _ := strings.Cut(span, "-"); span != "" && first != fmt.Sprint(from) || came > 0 {
				return c.failed(ctx, limits.Beyond(reason.OtherRange, "group", dn, "from", from, "words", a.Name))
			}
			for _, v := range a.Values {
				f(v)
			}
			came = len(a.Values)
			from += came
			last = span == "" || strings.HasSuffix(span, "-*")
		}
		if last {
			return nil
		}
	}
}

// of is what a computer has: its own SID where a descriptor names it, and that of
// every group it is in, without its primary one.
func (c *closure) of(dn string, own, primary security.SID, memberOf []string, writable bool) []string {
	all := c.everyone
	if writable {
		all, _ = all.add(c.writable)
	}
	if _, there := slices.BinarySearch(c.named, string(own)); there && own != "" {
		all, _ = all.add(sids{string(own)})
	}
	all, _ = all.add(c.bySID[primary])
	all, _ = all.add(c.byDN[strings.ToLower(dn)])
	for _, group := range memberOf {
		all, _ = all.add(c.byDN[strings.ToLower(group)])
	}
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == string(primary) })
}
