package way

import (
	"fmt"
	"strings"
)

// Values are what is declared of one way, by the key of its option: a string, or a
// []string for [Words]. What was not written is not there.
type Values map[string]any

// Text returns a value of one line, "" where there is none.
func (v Values) Text(key string) string {
	s, _ := v[key].(string)
	return s
}

// Words returns a list, nil where there is none.
func (v Values) Words(key string) []string {
	s, _ := v[key].([]string)
	return s
}

// Read takes a value as it comes from JSON.
func (v Values) Read(key string, value any) error {
	switch value := value.(type) {
	case string:
		v[key] = value
	case []any:
		words := make([]string, len(value))
		for i, w := range value {
			s, ok := w.(string)
			if !ok {
				return fmt.Errorf("%s has a value that is no text", key)
			}
			words[i] = s
		}
		v[key] = words
	default:
		return fmt.Errorf("%s is neither text nor a list of it", key)
	}
	return nil
}

// At says a way by the name of its kind and its address.
func At(kind, option string) func(Values) string {
	return func(v Values) string { return strings.TrimSpace("by " + kind + " at " + v.Text(option)) }
}
