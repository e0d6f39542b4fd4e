package ssh

import (
	"context"
	"runtime"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// platform is what a release binary is built for.
type platform struct{ os, arch string }

func (p platform) String() string {
	switch {
	case p.os == "":
		return ""
	case p.arch == "":
		return p.os
	}
	return p.os + "/" + p.arch
}

// own reports whether the running executable itself can serve there.
func (p platform) own() bool { return p == platform{runtime.GOOS, runtime.GOARCH} }

// binary is the name of the release binary.
func (p platform) binary() string {
	name := "kmsiso_" + p.os + "_" + p.arch
	if p.os == "windows" {
		name += ".exe"
	}
	return name
}

// The words of uname -sm, in lower case, and of %PROCESSOR_ARCHITECTURE%.
var (
	systems       = map[string]string{"linux": "linux", "darwin": "darwin"}
	architectures = map[string]string{"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
)

// platform asks the far machine what it is. A shell that knows neither uname
// nor ver is no ground to send anything.
func (l *link) platform(ctx context.Context) (platform, error) {
	uname, err := l.run(ctx, "uname -sm", nil)
	if err != nil {
		return platform{}, err
	}
	if p, ok := parseUname(uname.out); ok {
		return p, nil
	}
	ver, err := l.run(ctx, `cmd /c "ver & echo %PROCESSOR_ARCHITECTURE%"`, nil)
	if err != nil {
		return platform{}, err
	}
	if p, ok := parseVer(ver.out); ok {
		return p, nil
	}
	if uname.status == 0 && len(strings.Fields(uname.out)) == 2 {
		return platform{}, noFarEnd(reason.SystemUnsupported, "system", shortened(strings.TrimSpace(uname.out), 60))
	}
	return platform{}, noFarEnd(reason.SystemUnknown, "words", shortened(uname.words(), 120))
}

// parseUname reads the output of uname -sm: "Linux x86_64".
func parseUname(out string) (platform, bool) {
	words := strings.Fields(strings.ToLower(out))
	if len(words) != 2 {
		return platform{}, false
	}
	p := platform{systems[words[0]], architectures[words[1]]}
	return p, p.os != "" && p.arch != ""
}

// parseVer reads what cmd prints for ver, in whatever language, and the
// processor: "Microsoft Windows [Version 10.0.20348.2113]", "AMD64".
func parseVer(out string) (platform, bool) {
	words := strings.Fields(out)
	if !strings.Contains(out, "Microsoft Windows [") || len(words) < 3 {
		return platform{}, false
	}
	p := platform{"windows", architectures[strings.ToLower(words[len(words)-1])]}
	return p, p.arch != ""
}
