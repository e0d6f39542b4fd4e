package reason

// Of the addresses that a host uses and the policy does not list.
const (
	// ClaimNoneElsewhere: no outsider was answered by the host at an address that the
	// policy does not list.
	ClaimNoneElsewhere Code = "none-elsewhere"
	// HostElsewhere: a host answers an outsider at an address that is not listed; its own
	// watch, or its IKE, says that it is the host. Args: vantage, host, where, watch.
	HostElsewhere Code = "host-elsewhere"
	// SomebodyElsewhere: somebody answers an outsider at an address that a host has and
	// that is not listed, and nothing says that it is the host. Args: vantage, host, where.
	SomebodyElsewhere Code = "somebody-elsewhere"
	// SilentElsewhere: nobody answered outsiders at such an address. Args: host, where,
	// vantages.
	SilentElsewhere Code = "silent-elsewhere"
	// UntriedElsewhere: nobody could try such an address. Args: host, where.
	UntriedElsewhere Code = "untried-elsewhere"
	// ElsewhereUnknown: what became of a try at such an address is not known. Args:
	// vantage, where, why.
	ElsewhereUnknown Code = "elsewhere-unknown"
	// AnswererUntold: what says who answered there was not observed. Args: vantage, host,
	// where, why.
	AnswererUntold Code = "answerer-untold"
	// TooManyAddresses: a host has more such addresses than are tried. Args: host, more.
	TooManyAddresses Code = "too-many-addresses"
	// OnlyIPv4Told: the registry of a host tells its IPv4 addresses alone. Args: host.
	OnlyIPv4Told Code = "only-ipv4-told"
	// AddressesUntold: the way into a host does not tell its addresses. Args: vantage.
	AddressesUntold Code = "addresses-untold"
	// AddressesOfAnother: a vantage that is said to be a host has none of its declared
	// addresses. Args: vantage, host, addresses.
	AddressesOfAnother Code = "addresses-of-another"
	// IntendedNowhereElse: no outsider is answered at an address that is not listed. Args:
	// host.
	IntendedNowhereElse Code = "intended-nowhere-else"
	// SeenAddresses: which addresses a host uses. Args: host, addresses.
	SeenAddresses Code = "seen-addresses"
	// OwnAddressesOff: the policy has addresses that it does not list not tried.
	OwnAddressesOff Code = "own-addresses-off"
)
