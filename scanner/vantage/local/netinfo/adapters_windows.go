package netinfo

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

// adapters visits the interfaces of this machine that are up. flags leave out what is
// not asked for (GetAdaptersAddresses).
func adapters(flags uint32, visit func(*windows.IpAdapterAddresses)) error {
	size := uint32(16 << 10)
	for range 5 {
		b := make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&b[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, flags, 0, first, &size)
		switch {
		case errors.Is(err, windows.ERROR_BUFFER_OVERFLOW):
			continue
		case errors.Is(err, windows.ERROR_NO_DATA):
			return nil
		case err != nil:
			return err
		}
		for a := first; a != nil; a = a.Next {
			if a.OperStatus == windows.IfOperStatusUp {
				visit(a)
			}
		}
		return nil
	}
	return errors.New("the list of interfaces kept growing while it was read")
}
