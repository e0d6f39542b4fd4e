package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo terminal: what a person sees and types, and what a program has.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// echoes says whether what is typed is shown.
func echoes(t *testing.T, tty *os.File) bool {
	t.Helper()
	s, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return s.Lflag&unix.ECHO != 0
}

func TestASecretThatIsTypedIsNotShown(t *testing.T) {
	for name, tc := range map[string]struct {
		typed, want string
	}{
		"a password": {"Hun ter2é\n", "Hun ter2é"},
		"nothing":    {"\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			person, program := terminal(t)
			type answer struct {
				secret []byte
				err    error
			}
			got := make(chan answer)
			go func() {
				secret, err := readSecret(t.Context(), program, program, "password: ")
				got <- answer{secret, err}
			}()
			for echoes(t, program) { // until it is asked for
			}
			if _, err := io.WriteString(person, tc.typed); err != nil {
				t.Fatal(err)
			}
			a := <-got
			if string(a.secret) != tc.want || a.err != nil {
				t.Errorf("got %q, %v", a.secret, a.err)
			}
			if !echoes(t, program) {
				t.Error("the terminal is left without echo")
			}
			_ = program.Close()
			shown, _ := io.ReadAll(person) // it ends with EIO
			if !bytes.Contains(shown, []byte("password: ")) || bytes.Contains(shown, []byte("ter2")) {
				t.Errorf("the terminal shows %q", shown)
			}
		})
	}
}

func TestAnInterruptedQuestionLeavesTheTerminalAsItWas(t *testing.T) {
	_, program := terminal(t)
	stopped := errors.New("interrupt")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		for echoes(t, program) {
		}
		cancel(stopped)
	}()
	if _, err := readSecret(ctx, program, io.Discard, "password: "); !errors.Is(err, stopped) {
		t.Errorf("got %v", err)
	}
	if !echoes(t, program) {
		t.Error("the terminal is left without echo")
	}
}
