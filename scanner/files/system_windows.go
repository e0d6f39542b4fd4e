package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// create makes a file that is not there. One that is for nobody else gets an
// access control list of its owner alone, any other that of its folder.
func create(path string, mode fs.FileMode) (*os.File, error) {
	if mode&0o077 != 0 {
		return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	}
	bad := func(err error) (*os.File, error) { return nil, &fs.PathError{Op: "open", Path: path, Err: err} }
	sd, err := ownersAlone()
	if err != nil {
		return bad(err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return bad(err)
	}
	sa := windows.SecurityAttributes{SecurityDescriptor: sd}
	sa.Length = uint32(unsafe.Sizeof(sa))
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, &sa,
		windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return bad(err)
	}
	return os.NewFile(uintptr(h), path), nil
}

// self is the account that this process runs as.
func self() (*windows.SID, error) {
	u, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return u.User.Sid, nil
}

// ownersAlone is a security descriptor that gives our account everything and
// nobody else anything, and takes nothing over from the folder ([MS-DTYP] 2.5.1).
func ownersAlone() (*windows.SECURITY_DESCRIPTOR, error) {
	sid, err := self()
	if err != nil {
		return nil, err
	}
	return windows.SecurityDescriptorFromString(fmt.Sprintf("O:%sD:P(A;;FA;;;%s)", sid, sid))
}

// setMode gives a file the list of its owner alone, where the mode is for nobody
// else; otherwise that of its folder.
func setMode(path string, mode fs.FileMode) error {
	if mode&0o077 == 0 {
		sd, err := ownersAlone()
		if err != nil {
			return err
		}
		return setList(path, sd, windows.PROTECTED_DACL_SECURITY_INFORMATION)
	}
	sd, err := windows.SecurityDescriptorFromString("D:AI")
	if err != nil {
		return err
	}
	return setList(path, sd, windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
}

func setList(path string, sd *windows.SECURITY_DESCRIPTOR, protection windows.SECURITY_INFORMATION) error {
	list, _, err := sd.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|protection, nil, nil, list, nil)
}

// readers says in words who beside us can read a file; "" is nobody. The system
// and its administrators can read everything, as root can elsewhere.
func readers(path string, _ fs.FileInfo) (string, error) {
	own, err := self()
	if err != nil {
		return "", err
	}
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", err
	}
	list, _, err := sd.DACL()
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) || err == nil && list == nil {
		return "everybody can read it: it has no access control list", nil
	}
	if err != nil {
		return "", err
	}
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &ace); err != nil {
			return "", err
		}
		const reads = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
		if ace.Header.AceType == windows.ACCESS_DENIED_ACE_TYPE || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || ace.Mask&reads == 0 {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		if sid.Equals(own) || sid.IsWellKnown(windows.WinLocalSystemSid) || sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) ||
			sid.IsWellKnown(windows.WinCreatorOwnerRightsSid) {
			continue
		}
		return named(sid) + " can read it", nil
	}
	return "", nil
}

// named is an account by its name, or by its SID where it has none.
func named(sid *windows.SID) string {
	account, domain, _, err := sid.LookupAccount("")
	if err != nil {
		return sid.String()
	}
	return domain + `\` + account
}

func howPrivate(path string) string {
	return fmt.Sprintf(`icacls "%s" /inheritance:r /grant:r "%%USERNAME%%:F"`, path)
}

// keepsInode says that a file must stay the one it is. Other names of a file are
// not asked for here.
func keepsInode(string, fs.FileInfo) bool { return false }

// like gives a new file the access control list of the old one.
func like(f *os.File, path string, _ fs.FileInfo) error {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	control, _, err := sd.Control()
	if err != nil {
		return err
	}
	if control&windows.SE_DACL_PROTECTED != 0 {
		return setList(f.Name(), sd, windows.PROTECTED_DACL_SECURITY_INFORMATION)
	}
	return setList(f.Name(), sd, windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
}

// openFile knows no paths of open files: Windows has none.
func openFile(string) int { return -1 }

// toStream writes to standard output.
func toStream(_ int, write func(io.Writer) error) error { return write(os.Stdout) }

// openSpecial opens a device or a pipe for writing: NUL, a port.
func openSpecial(p place) (*os.File, error) { return os.OpenFile(p.path, os.O_WRONLY, 0) }
