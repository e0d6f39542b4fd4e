// Package configured asks what machines of the deployment are told, for the checks of
// several wings: which ends there are, which GPOs reach them, which flows a rule is
// about.
//
// It knows no check.
package configured
