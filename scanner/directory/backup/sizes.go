package backup

// The sizes of the largest files that are read, in octets. A report with
// 100,000 rules has about 60 MB, and so has their Registry.pol.
const (
	maxInfo     = 1 << 20
	maxManifest = 64 << 20
	maxScheme   = 32 << 20
	maxReport   = 256 << 20
	maxSettings = 256 << 20
)
