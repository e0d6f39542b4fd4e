package entry

import "github.com/kmsiso/kmsiso/scanner/reason"

// IsForm reports whether an argument can be written in a form, for the test that goes
// through all sentences.
func IsForm(how string) bool {
	_, ofReasons := listed(reason.List{}, how)
	return ofReasons || forms[how] != nil
}
