#!/usr/bin/python3
"""Print what Python's XML reader and Samba find in the backups of a folder, as JSON by backup folder."""
import glob
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

from samba.dcerpc import preg, security
from samba.ndr import ndr_unpack

BASE = r"software\policies\microsoft\windowsfirewall"


def texts(path):
    """The text of every element by its name without namespace, the first of each."""
    found = {}
    for e in ET.parse(path).iter():
        found.setdefault(re.sub(r"^\{[^}]*\}", "", e.tag), (e.text or "").strip())
    return found


out = {}
for folder in glob.glob(os.path.join(glob.escape(sys.argv[1]), "{*}")):
    info = texts(os.path.join(folder, "bkupInfo.xml"))
    core = texts(os.path.join(folder, "Backup.xml"))
    report = ET.parse(os.path.join(folder, "gpreport.xml")).getroot()
    ns = {"s": "http://www.microsoft.com/GroupPolicy/Settings"}
    half = {name: (int(report.find("s:%s/s:VersionDirectory" % name, ns).text), int(report.find("s:%s/s:VersionSysvol" % name, ns).text))
            for name in ("User", "Computer")}
    pol = os.path.join(folder, "DomainSysvol", "GPO", "Machine", "registry.pol")
    settings = ndr_unpack(preg.file, open(pol, "rb").read()) if os.path.exists(pol) else preg.file()
    entries = settings.entries  # which live as long as the file they are of
    out[os.path.basename(folder)] = {
        "id": info["GPOGuid"], "domain": info["GPODomain"].lower(), "name": info["GPODisplayName"],
        "flags": int(core["Options"]), "extensions": core["MachineExtensionGuids"],
        "security": ndr_unpack(security.descriptor, bytes.fromhex(core["SecurityDescriptor"])).as_sddl(),
        "version": half["User"][0] << 16 | half["Computer"][0], "fileVersion": half["User"][1] << 16 | half["Computer"][1],
        "links": [e.text for e in report.findall("s:LinksTo/s:SOMPath", ns)], "settings": len(entries),
        "values": [[e.keyname, e.valuename, int(e.type)] for e in entries if (e.keyname.lower() + "\\").startswith(BASE + "\\")],
    }
json.dump(out, sys.stdout)
