package render

// Color is an SGR parameter string of ECMA-48 8.3.117.
type Color string

// The colours of a report.
const (
	Green   Color = "32"
	Yellow  Color = "33"
	Red     Color = "1;31"
	Magenta Color = "1;35"
	Faint   Color = "2"
	Bold    Color = "1"
)

// Paint colours a cleaned text; the zero Color leaves it.
func (c Color) Paint(s string) string {
	if c == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}
