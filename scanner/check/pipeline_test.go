package check_test

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/judge"
)

// The tests of this package judge as a run does, explanations and waivers included.
func init() { check.JudgeAll = judge.Judge }
