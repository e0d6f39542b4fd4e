// Package checks is the list of all checks, in the order of the paper, and what is
// done with the list: plans, and waivers that name a check.
package checks
