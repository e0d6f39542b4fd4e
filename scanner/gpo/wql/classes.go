package wql

import "strings"

// class is a class that queries may ask for. Of both there is exactly one
// instance on a machine.
type class struct {
	name       string
	properties map[string]property // by name in lower case
}

// property is a property of a class, and what of it is known.
type property struct {
	name string
	kind kind
	// values are those it may have on a Windows, as text; none where that is
	// not known. nil stands for a function that knows none.
	values func(Windows) []string
}

// kind is the type of a property as far as comparisons care.
type kind int

const (
	kindOther   kind = iota // dates, arrays
	kindText                // string
	kindNumber              // any integer
	kindBoolean             // boolean
	kindCaption             // a string of which only parts are known
)

// classOf finds a class by its name, nil where it is not known here.
func classOf(t token) *class {
	if t.kind != tokenWord {
		return nil
	}
	return classes[strings.ToLower(t.text)]
}

// classes have all properties that Microsoft's reference of the CIMWin32
// provider lists, so that one that is not there is told from one that is not
// known here.
var classes = map[string]*class{
	"win32_operatingsystem": newClass("Win32_OperatingSystem", map[string]func(Windows) []string{
		"Version":                 func(w Windows) []string { return []string{w.Version} },
		"BuildNumber":             func(w Windows) []string { return []string{w.BuildNumber()} },
		"ProductType":             func(w Windows) []string { return []string{string('0' + rune(w.Role))} },
		"OSType":                  func(Windows) []string { return []string{"18"} }, // WINNT
		"ServicePackMajorVersion": Windows.servicePack,
	}, map[kind]string{
		kindText: `BootDevice BuildNumber BuildType CodeSet CountryCode CreationClassName CSCreationClassName CSDVersion
			CSName Description Locale Manufacturer Name Organization OSArchitecture OtherTypeDescription PlusProductID
			PlusVersionNumber RegisteredUser SerialNumber Status SystemDevice SystemDirectory SystemDrive Version
			WindowsDirectory`,
		kindCaption: `Caption`,
		kindNumber: `CurrentTimeZone DataExecutionPrevention_SupportPolicy EncryptionLevel ForegroundApplicationBoost
			FreePhysicalMemory FreeSpaceInPagingFiles FreeVirtualMemory LargeSystemCache MaxNumberOfProcesses
			MaxProcessMemorySize NumberOfLicensedUsers NumberOfProcesses NumberOfUsers OperatingSystemSKU OSLanguage
			OSProductSuite OSType ProductType QuantumLength QuantumType ServicePackMajorVersion ServicePackMinorVersion
			SizeStoredInPagingFiles SuiteMask TotalSwapSpaceSize TotalVirtualMemorySize TotalVisibleMemorySize`,
		kindBoolean: `DataExecutionPrevention_32BitApplications DataExecutionPrevention_Available
			DataExecutionPrevention_Drivers Debug Distributed PAEEnabled PortableOperatingSystem Primary`,
		kindOther: `InstallDate LastBootUpTime LocalDateTime MUILanguages`,
	}),
	"win32_computersystem": newClass("Win32_ComputerSystem", map[string]func(Windows) []string{
		"DomainRole":   Windows.domainRoles,
		"PartOfDomain": func(Windows) []string { return []string{"TRUE"} }, // or it would have no filter
	}, map[kind]string{
		kindText: `BootupState Caption ChassisSKUNumber CreationClassName Description DNSHostName Domain LastLoadInfo
			Manufacturer Model Name NameFormat PrimaryOwnerContact PrimaryOwnerName Status SystemFamily SystemSKUNumber
			SystemType UserName Workgroup`,
		kindNumber: `AdminPasswordStatus BootOptionOnLimit BootOptionOnWatchDog ChassisBootupState CurrentTimeZone
			DomainRole FrontPanelResetStatus KeyboardPasswordStatus NumberOfLogicalProcessors NumberOfProcessors
			PauseAfterReset PCSystemType PCSystemTypeEx PowerOnPasswordStatus PowerState PowerSupplyState
			ResetCapability ResetCount ResetLimit SystemStartupDelay SystemStartupSetting ThermalState
			TotalPhysicalMemory WakeUpType`,
		kindBoolean: `AutomaticManagedPagefile AutomaticResetBootOption AutomaticResetCapability BootROMSupported
			DaylightInEffect EnableDaylightSavingsTime HypervisorPresent InfraredSupported NetworkServerModeEnabled
			PartOfDomain PowerManagementSupported`,
		kindOther: `BootStatus InitialLoadInfo InstallDate OEMLogoBitmap OEMStringArray PowerManagementCapabilities
			Roles SupportContactDescription SystemStartupOptions`,
	}),
}

func newClass(name string, values map[string]func(Windows) []string, kinds map[kind]string) *class {
	c := &class{name: name, properties: map[string]property{}}
	for k, names := range kinds {
		for _, n := range strings.Fields(names) {
			c.properties[strings.ToLower(n)] = property{name: n, kind: k, values: values[n]}
		}
	}
	return c
}
