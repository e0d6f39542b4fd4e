package winrm

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// hostFault is a fault that the host answered with.
type hostFault struct {
	code    uint32 // of its WSManFault; 0 where it has none
	subcode string
	text    string // in the host's language; nothing is read from it
}

// Codes of WSManFault other than quotas (wsmerror.h, winerror.h).
const (
	codeDenied       = 5          // ERROR_ACCESS_DENIED
	codeDeniedResult = 0x80070005 // E_ACCESSDENIED
	codeTimedOut     = 0x80338029 // ERROR_WSMAN_OPERATION_TIMEDOUT
	codeSelectors    = 0x8033803d // ERROR_WSMAN_INVALID_SELECTORS
	codeUnexpected   = 0x8033805b // ERROR_WSMAN_UNEXPECTED_SELECTORS
	codeNotFound     = 0x80338000 // ERROR_WSMAN_RESOURCE_NOT_FOUND
	codeQuota        = 0x8033803f // ERROR_WSMAN_QUOTA_LIMIT: any of them
	codeOperations   = 0x803381a6 // ERROR_WSMAN_QUOTA_MAX_OPERATIONS
	codeShells       = 0x803381a5 // ERROR_WSMAN_QUOTA_MAX_SHELLS
	codeShellUsers   = 0x803381ab // ERROR_WSMAN_QUOTA_MAX_SHELLUSERS
	codeRate         = 0x803381a7 // ERROR_WSMAN_QUOTA_USER
	codeRateSystem   = 0x803381a8 // ERROR_WSMAN_QUOTA_SYSTEM
)

// The settings of winrm/config/winrs that a quota is named after, [MS-WSMV]
// 2.2.4.42.
const (
	quotaOperations = "MaxConcurrentOperationsPerUser"
	quotaShells     = "MaxShellsPerUser"
	quotaUsers      = "MaxConcurrentUsers"
	quotaProcesses  = "MaxProcessesPerShell"
	quotaMemory     = "MaxMemoryPerShellMB"
)

// quotas are the names of the quotas by the code of the fault. Windows answers
// in its own language, so the text says nothing.
var quotas = map[uint32]string{
	codeShells:     quotaShells,
	0x803381e4:     quotaShells, // ..._MAX_SHELLS_PPQ
	0x803381e6:     "MaxShells of the plug-in",
	codeShellUsers: quotaUsers,
	0x803381e5:     quotaUsers, // ..._MAX_USERS_PPQ
	codeOperations: quotaOperations,
	0x803381e8:     quotaOperations, // ..._MAX_OPERATIONS_USER_PPQ
	0x803381e7:     "MaxConcurrentOperations of the plug-in",
	0x803381e9:     "MaxConcurrentCommandsPerShell",
	codeRate:       "requests per time of one user",
	codeRateSystem: "requests per time of all users",
	// A shell is a job object; what its limits refuse are errors of Win32.
	1816:       quotaProcesses, // ERROR_NOT_ENOUGH_QUOTA
	0x80070718: quotaProcesses,
	8:          quotaMemory, // ERROR_NOT_ENOUGH_MEMORY
	0x80070008: quotaMemory,
	14:         quotaMemory, // ERROR_OUTOFMEMORY
	0x8007000e: quotaMemory,
	1455:       quotaMemory, // ERROR_COMMITMENT_LIMIT
	0x800705af: quotaMemory,
}

// quota is the name of the quota that the fault is about, or "".
func (f *hostFault) quota() string {
	if name := quotas[f.code]; name != "" {
		return name
	}
	if f.code == codeQuota || strings.Contains(f.subcode, "QuotaLimit") {
		return "one of " + quotaShells + ", " + quotaOperations + ", " + quotaUsers
	}
	return ""
}

// busy reports whether the fault may be gone a moment later, because others use
// what the host has to give.
func (f *hostFault) busy() bool {
	q := f.quota()
	return q != "" && q != quotaProcesses && q != quotaMemory
}

// denied reports whether the host denies the account what was asked.
func (f *hostFault) denied() bool {
	return f.code == codeDenied || f.code == codeDeniedResult || strings.Contains(f.subcode, "AccessDenied")
}

// unknown reports whether the host knows no such shell.
func (f *hostFault) unknown() bool {
	switch f.code {
	case codeSelectors, codeUnexpected, codeNotFound:
		return true
	}
	return strings.Contains(f.subcode, "InvalidSelectors") || strings.Contains(f.subcode, "DestinationUnreachable")
}

func (f *hostFault) Error() string { return f.Why().Key() }

// Why is the reason, by code.
func (f *hostFault) Why() reason.List {
	switch q := f.quota(); {
	case q != "":
		return reason.One(reason.QuotaUsed, "quota", q, "words", f.text)
	case f.denied():
		return reason.One(reason.ShellDenied)
	}
	r := reason.New(reason.HostFault, "kind", clean(f.subcode), "words", f.text)
	if f.code != 0 {
		r = r.With("number", f.code)
	}
	return reason.List{r}
}
