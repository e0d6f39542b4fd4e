package winrm

import (
	"net"
	"testing"
	"testing/synctest"
)

// A peer that speaks first is read as one that does not speak HTTP, and what it
// says is not written to the log.
func TestAPeerThatSpeaksFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		var l lines
		c, err := l.add(here, nil)
		if err != nil {
			t.Fatal(err)
		}
		read := make(chan string, 1)
		go func() {
			b := make([]byte, 3)
			n, _ := c.Read(b)
			read <- string(b[:n])
		}()
		go func() {
			_, _ = there.Write([]byte("SSH"))
			_, _ = there.Read(make([]byte, 1))
		}()
		synctest.Wait()
		if len(read) > 0 {
			t.Error("it was read before anything was asked")
		}
		go func() { _, _ = c.Write([]byte("P")) }()
		if s := <-read; s != "SSH" {
			t.Errorf("read %q", s)
		}
		if l.hangUp(); l.dials() != 1 {
			t.Errorf("%d connections", l.dials())
		}
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("a connection that was ended is read")
		}
	})
}
