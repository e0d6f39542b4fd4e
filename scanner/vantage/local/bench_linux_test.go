package local

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// usage is the processor time of this process, its own and the kernel's part.
func usage(b *testing.B) (user, system time.Duration) {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}

// measure runs one in parallel and reports its processor time.
func measure(b *testing.B, one func() error) {
	u, s := usage(b)
	b.SetParallelism(20)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := one(); err != nil {
				b.Error(err)
			}
		}
	})
	u2, s2 := usage(b)
	b.ReportMetric(float64((u2-u).Microseconds())/float64(b.N), "user-us/op")
	b.ReportMetric(float64((s2-s).Microseconds())/float64(b.N), "system-us/op")
}

func BenchmarkDial(b *testing.B) {
	v := here(b)
	to := closedPort(b, loopbacks[0])
	measure(b, func() error {
		r, err := vantage.TCP.At(v)(b.Context(), vantage.DialRequest{To: to, Timeout: 5 * time.Second})
		if err == nil && (r.Class != run.Refused || r.TTL == 0) {
			b.Errorf("%+v", r)
		}
		return err
	})
}

// BenchmarkNetDialer is what the same costs with net's own dialer.
func BenchmarkNetDialer(b *testing.B) {
	to := closedPort(b, loopbacks[0]).String()
	d := net.Dialer{Timeout: 5 * time.Second}
	measure(b, func() error {
		if c, err := d.DialContext(b.Context(), "tcp", to); err == nil {
			c.Close()
		}
		return nil
	})
}

func BenchmarkPing(b *testing.B) {
	v := here(b)
	measure(b, func() error {
		_, err := vantage.Ping.At(v)(b.Context(), vantage.PingRequest{To: loopbacks[0], Timeout: 5 * time.Second})
		return err
	})
}

func BenchmarkExchange(b *testing.B) {
	v := here(b)
	to := closedPort(b, loopbacks[0])
	measure(b, func() error {
		_, err := vantage.UDP.At(v)(b.Context(), vantage.DatagramRequest{To: to, Send: []byte("x"), Timeout: 5 * time.Second})
		return err
	})
}
