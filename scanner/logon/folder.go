package logon

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Folder is where a [Memory] is kept where nobody says otherwise: $STATE_DIRECTORY
// of systemd, else the user's own place for the state of programs. "" is none,
// where the user has no home.
func Folder() string { return folder(runtime.GOOS, os.Getenv) }

func folder(goos string, env func(string) string) string {
	if first, _, _ := strings.Cut(env("STATE_DIRECTORY"), ":"); first != "" {
		return first
	}
	base := ""
	switch goos {
	case "windows":
		base = env("LOCALAPPDATA")
	case "darwin":
		base = below(env("HOME"), "Library", "Application Support")
	default:
		if base = env("XDG_STATE_HOME"); !filepath.IsAbs(base) {
			base = below(env("HOME"), ".local", "state")
		}
	}
	return below(base, "kmsiso")
}

// below is a path in a folder, "" where there is no folder.
func below(dir string, names ...string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(append([]string{dir}, names...)...)
}
