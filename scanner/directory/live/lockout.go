package live

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Show shows the credential to one of the controllers: the first that judges it.
// The error is why it was not accepted.
func (s *Source) Show(ctx context.Context) error {
	l, err := s.login(ctx)
	if err != nil {
		return err
	}
	defer l.tickets.Close()
	var errs []error
	for _, server := range s.servers {
		c, err := l.connect(ctx, server)
		if err == nil {
			c.close()
			return nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil || l.gate.Ended() {
			break
		}
	}
	return errors.Join(errs...)
}

// Limit reads how near an account is to being locked out, as the account of this
// source: where the count is kept, at the PDC emulator, for it is not replicated
// ([MS-ADTS] badPwdCount). What it cannot read it says in the limit.
func (s *Source) Limit(ctx context.Context, who logon.Account) logon.Limit {
	unknown := func(err error) logon.Limit { return logon.Limit{Why: reason.Of(err)} }
	l, err := s.login(ctx)
	if err != nil {
		return unknown(err)
	}
	defer l.tickets.Close()
	var errs []error
	for _, server := range s.servers {
		c, err := l.connect(ctx, server)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		limit, err := s.limitFrom(ctx, l, c, who)
		c.close()
		if err != nil {
			return unknown(err)
		}
		return limit
	}
	return unknown(errors.Join(errs...))
}

// limitFrom finds the PDC emulator, and reads there.
func (s *Source) limitFrom(ctx context.Context, l *login, c *conn, who logon.Account) (logon.Limit, error) {
	root, err := c.root(ctx)
	if err != nil {
		return logon.Limit{}, err
	}
	head, err := c.one(ctx, root.domain, "fSMORoleOwner")
	if err != nil {
		return logon.Limit{}, err
	}
	// It names the settings below the object of the server ([MS-ADTS] 6.1.1.2.2.1.2.1).
	owner, err := c.one(ctx, parent(head.text("fSMORoleOwner")), "dNSHostName")
	if err != nil {
		return logon.Limit{}, part(err, reason.PDCUnread)
	}
	pdc := strings.ToLower(owner.text("dNSHostName"))
	if pdc == root.host {
		return c.limit(ctx, root, pdc, who)
	}
	for _, server := range s.servers {
		byAddress := net.ParseIP(server.host) != nil
		if server == c.server || server.host != pdc && !byAddress {
			continue
		}
		there, err := l.connect(ctx, server)
		if err != nil && byAddress {
			continue
		} else if err != nil {
			return logon.Limit{}, err
		}
		defer there.close()
		if byAddress {
			if its, err := there.root(ctx); err != nil || its.host != pdc {
				continue
			}
		}
		return there.limit(ctx, root, pdc, who)
	}
	return logon.Limit{}, reason.Fail(reason.PDCUndeclared, "pdc", pdc)
}

// limit reads the count of an account and what locks it out: the domain's policy,
// or the one of its own that is in force for it.
func (c *conn) limit(ctx context.Context, root rootDSE, pdc string, who logon.Account) (logon.Limit, error) {
	out := logon.Limit{Where: pdc}
	name := ldap.EscapeFilter(who.User)
	filter := "(sAMAccountName=" + name + ")"
	if who.UPN {
		filter = "(|" + filter + "(userPrincipalName=" + name + "@" + ldap.EscapeFilter(who.Domain) + "))"
	}
	var accounts []entry
	if err := c.each(ctx, query{base: root.domain, scope: ldap.ScopeWholeSubtree, filter: "(&(objectCategory=person)" + filter + ")", attrs: []string{"badPwdCount", "badPasswordTime", "msDS-ResultantPSO"}, most: page}, func(e entry) {
		accounts = append(accounts, e)
	}); err != nil && !errors.Is(err, errNothing) {
		return out, err
	}
	if len(accounts) != 1 {
		return out, reason.Fail(reason.AccountNotOne, "count", len(accounts), "pdc", pdc)
	}
	threshold, window, of := "lockoutThreshold", "lockOutObservationWindow", root.domain
	if own := accounts[0].text("msDS-ResultantPSO"); own != "" {
		threshold, window, of = "msDS-LockoutThreshold", "msDS-LockoutObservationWindow", own
	}
	policy, err := c.one(ctx, of, threshold, window)
	if err != nil || !policy.has(threshold) {
		return out, reason.Fail(reason.LockoutPolicyUnread, "policy", of)
	}
	out.Threshold, _ = strconv.Atoi(policy.text(threshold))
	// A negative number of 100 ns ([MS-ADTS] lockOutObservationWindow).
	if n, err := strconv.ParseInt(policy.text(window), 10, 64); err == nil && n < 0 && n > -1<<53 {
		out.Window = time.Duration(-n) * 100
	}
	out.Count, _ = strconv.Atoi(accounts[0].text("badPwdCount"))
	if last, ok := filetime(accounts[0].text("badPasswordTime")); ok && out.Window > 0 && time.Since(last) > out.Window {
		out.Count = 0
	}
	out.Known = true
	return out, nil
}
