package consec

// OS is a version of Windows as rules name it: 6.1 is Windows 7.
type OS struct{ Major, Minor uint8 }

// WindowsVersion gives the policy version and the number of a Windows by its
// build: 20348 is Server 2022. It reports false for a build that it does not
// know ([MS-FASP] note 12).
func WindowsVersion(build int) (Version, OS, bool) {
	for _, w := range []struct {
		from    int
		version Version
		os      OS
	}{
		{26100, Version{2, 33}, OS{10, 0}}, // Server 2025
		{22621, Version{2, 32}, OS{10, 0}}, // 11 22H2
		{20348, Version{2, 31}, OS{10, 0}}, // Server 2022
		{18362, Version{2, 30}, OS{10, 0}}, // 10 1903
		{17763, Version{2, 29}, OS{10, 0}}, // 10 1809, Server 2019
		{17134, Version{2, 28}, OS{10, 0}}, // 10 1803
		{15063, Version{2, 27}, OS{10, 0}}, // 10 1703
		{14393, Version{2, 26}, OS{10, 0}}, // 10 1607, Server 2016
		{10586, Version{2, 25}, OS{10, 0}},
		{10240, Version{2, 24}, OS{10, 0}},
		{9600, Version{2, 22}, OS{6, 3}}, // 8.1, Server 2012 R2
		{9200, Version{2, 20}, OS{6, 2}}, // 8, Server 2012
		{7600, Version{2, 10}, OS{6, 1}}, // 7, Server 2008 R2
		{6001, Version{2, 1}, OS{6, 0}},  // Vista SP1, Server 2008
		{6000, Version{2, 0}, OS{6, 0}},  // Vista
	} {
		if build >= w.from {
			return w.version, w.os, true
		}
	}
	return Version{}, OS{}, false
}
