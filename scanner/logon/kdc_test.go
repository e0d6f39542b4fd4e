package logon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jcmturner/gokrb5/v8/config"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	"github.com/kmsiso/kmsiso/fixtures/hostile/kdc"
)

// kdcTickets is a log-on at a KDC that is in memory, the KDC of all its realms.
func kdcTickets(t *testing.T, p *kdc.Peer) *Tickets {
	t.Helper()
	var n hostile.Net
	n.Serve("dc01.contoso.test:88", func(c net.Conn) { p.Serve(t.Context(), c) })
	conf := config.New()
	conf.LibDefaults.DefaultTktEnctypeIDs, conf.LibDefaults.DefaultTGSEnctypeIDs = []int32{18, 17}, []int32{18, 17}
	for _, realm := range []string{"CONTOSO.TEST", "B.TEST", "XTEST", "XXTEST", "XXXTEST", "XXXXTEST", "XXXXXTEST", "XXXXXXTEST"} {
		conf.Realms = append(conf.Realms, config.Realm{Realm: realm, KDC: []string{"dc01.contoso.test:88"}})
	}
	k := Kerberos{Config: conf, Timeout: 20 * time.Second, Dial: n.Dial}
	p.Password = "right"
	tickets, err := k.WithPassword(Alone("reader@CONTOSO.TEST"), "reader@CONTOSO.TEST", []byte("right"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tickets.Close)
	return tickets
}

// Whatever a KDC does, the log-on ends, and the secret is shown once.
func TestHostileKDC(t *testing.T) {
	for _, row := range []struct {
		habit hostile.Habit
		at    kdc.Stage
		fine  bool
	}{
		{"", "", true},
		{kdc.RC4First, "", true},
		{hostile.Mute, kdc.LogOn, false},
		{hostile.Drip, kdc.LogOn, false},
		{hostile.Endless, kdc.LogOn, false},
		{hostile.Lie, kdc.LogOn, false},
		{hostile.Refuse, kdc.LogOn, false},
		{kdc.Iterations, "", false},
		{kdc.NoTypes, "", false},
		{hostile.Mute, kdc.Grant, false},
		{hostile.Drip, kdc.Grant, false},
		{hostile.Endless, kdc.Grant, false},
		{hostile.Lie, kdc.Grant, false},
		{hostile.Refuse, kdc.Grant, false},
		{kdc.Loop, kdc.Grant, false},
		{kdc.Chain, kdc.Grant, false},
		{kdc.Other, kdc.Grant, false},
	} {
		t.Run(fmt.Sprint(row.habit, " ", row.at), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &kdc.Peer{Habit: row.habit, At: row.at}
				tickets := kdcTickets(t, p)
				began := time.Now()
				err := tickets.Prepare(t.Context(), "ldap/dc01.contoso.test")
				if took := time.Since(began); took > time.Minute {
					t.Errorf("it took %s", took)
				}
				if row.fine != (err == nil) {
					t.Errorf("said %v", err)
				}
				if p.Shown.Load() > 1 || p.Requests.Load() > 10 {
					t.Errorf("%d requests, %d with a secret", p.Requests.Load(), p.Shown.Load())
				}
				if err != nil {
					return
				}
				// What the libraries ask for is there, and no KDC is asked for it.
				before := p.Requests.Load()
				if _, _, err := tickets.Initiator().GetServiceTicket("ldap/dc01.contoso.test"); err != nil || p.Requests.Load() != before {
					t.Errorf("%v, %d requests more", err, p.Requests.Load()-before)
				}
				if _, _, err := tickets.Initiator().GetServiceTicket("ldap/other.test"); err == nil || !strings.Contains(err.Error(), "no KDCs defined") {
					t.Errorf("a ticket that is not there: %v", err)
				}
			})
		})
	}
}

// A log-on that is given up ends at once, and so does one that waits behind it.
func TestHostileKDCCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tickets := kdcTickets(t, &kdc.Peer{Habit: hostile.Mute, At: kdc.LogOn})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		errs := make(chan error)
		for range 2 {
			go func() { errs <- tickets.Prepare(ctx, "ldap/dc01.contoso.test") }()
		}
		for range 2 {
			if err := <-errs; !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
