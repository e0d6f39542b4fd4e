package winrm

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	far "github.com/kmsiso/kmsiso/fixtures/hostile/winrm"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// farAddress is where a peer in memory is.
const farAddress = "10.0.0.9:5986"

// farIdentity is a certificate, and its pin.
var farIdentity = sync.OnceValues(func() (*tls.Config, string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	pair := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return &tls.Config{Certificates: []tls.Certificate{pair}}, fmt.Sprintf("%x", sha256.Sum256(der))
})

// inMemory is the way to a peer in memory, with the default limits.
func inMemory(ctx context.Context, p *far.Peer, auth string) Way {
	config, pin := farIdentity()
	p.Context, p.TLS = ctx, config
	var n hostile.Net
	n.Serve(farAddress, p.Serve)
	return Way{Address: farAddress, User: "user", Password: secret(testPassword), Auth: auth, Pin: pin, Dial: n.Dial}
}

// use opens a way, asks three things of it, and leaves it.
func use(ctx context.Context, w Way) (opening error, asking []error, closing error) {
	v, err := w.Open(ctx)
	if err != nil {
		return err, nil, nil
	}
	for _, a := range []string{"127.0.0.1", "127.0.0.2"} {
		_, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{To: netip.MustParseAddr(a), Timeout: 2 * time.Second})
		asking = append(asking, err)
	}
	_, err = vantage.Registry.At(v)(ctx, `HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`)
	return nil, append(asking, err), v.Close()
}

// habits are those of HTTP, and of WS-Management at the steps that have them.
var habits = map[hostile.Habit][]far.Step{
	hostile.Mute:    far.Steps,
	hostile.Drip:    far.Steps,
	hostile.Linger:  far.Steps,
	hostile.Endless: far.Steps,
	hostile.Lie:     far.Steps,
	hostile.Switch:  far.Steps,
	hostile.Refuse:  far.Steps[1:],
	far.Chunks:      far.Steps,
	far.Cut:         far.Steps,
	far.Headers:     far.Steps,
	far.Continue:    far.Steps,
	far.Redirect:    far.Steps[1:],
	far.Never:       {far.Receive},
	far.Trickle:     {far.Receive},
	far.Huge:        {far.Receive},
	far.Streams:     {far.Receive},
	far.NoMarks:     {far.Receive},
}

// Every habit at every step, with the default limits: it ends in time, with an
// error, with no second log-on after one that was not accepted, and with no
// shell left behind.
func TestHostilePeers(t *testing.T) {
	const (
		mostTime  = 4 * time.Minute // two attempts of a registry question that never ends, and the rest
		mostSpace = 1 << 30         // octets that are allocated one after the other, the peer's included
	)
	for habit, steps := range habits {
		for _, step := range steps {
			for _, auth := range []string{authBasic, authNegotiate} {
				for _, from := range []int{1, 2} {
					if auth == authBasic && step == far.Hello || from == 2 && (auth == authNegotiate || step == far.Connect || step == far.Hello) {
						continue
					}
					t.Run(fmt.Sprintf("%s/%s/%s/%d", habit, step, auth, from), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							ctx, cancel := context.WithCancel(t.Context())
							defer cancel()
							p := &far.Peer{Habit: habit, At: step, From: from}
							w := inMemory(ctx, p, auth)
							var before, after runtime.MemStats
							runtime.ReadMemStats(&before)
							began := time.Now()
							opening, asking, closing := use(ctx, w)
							took := time.Since(began)
							runtime.ReadMemStats(&after)
							if took > mostTime {
								t.Errorf("it took %s", took)
							}
							if space := after.TotalAlloc - before.TotalAlloc; space > mostSpace {
								t.Errorf("it allocated %d octets", space)
							}
							c := p.Counts()
							quiet := step == far.Signal && !refusing(habit, auth) || from > c.Steps[step]
							if err := errors.Join(append(asking, opening, closing)...); (err == nil) != quiet {
								t.Errorf("the errors: %v", err)
							}
							// With Basic every message shows the secret; the first of them is empty,
							// so that nothing was made where it gets no answer.
							if from == 1 && c.Struck > 1 {
								t.Errorf("%d log-ons that were not accepted", c.Struck)
							}
							if left := p.Open(); left > 0 && reachable(step) && !refusing(habit, auth) {
								t.Errorf("%d shells are left of %d", left, c.Made)
							}
						})
					})
				}
			}
		}
	}
}

// reachable reports whether a shell can be deleted: not where each answer to
// that, or each log-on, is struck.
func reachable(step far.Step) bool {
	return step != far.DeleteAll && step != far.Connect && step != far.Hello && step != far.Proof
}

// refusing reports whether a peer turns the secret down, which is then not shown
// again, not even to delete a shell.
func refusing(habit hostile.Habit, auth string) bool {
	return habit == hostile.Refuse && auth == authBasic
}

// The same peer without a habit, so that the rows above can fail.
func TestHealthyPeerInMemory(t *testing.T) {
	for _, auth := range []string{authBasic, authNegotiate} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := &far.Peer{}
			w := inMemory(ctx, p, auth)
			opening, asking, closing := use(ctx, w)
			if err := errors.Join(append(asking, opening, closing)...); err != nil {
				t.Error(err)
			}
			if c := p.Counts(); c.Made != 1 || c.Delete != 1 || auth == authNegotiate && c.LogOns != 1 {
				t.Errorf("%+v", c)
			}
		})
	}
}
