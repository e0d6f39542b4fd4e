#!/usr/bin/python3
"""Puts into a running domain controller what the tests of this package read, and prints what Samba itself says of it.

The argument is the controller's smb.conf. The database is changed in place, as root.
"""
import json
import os
import subprocess
import sys

import ldb
from samba.auth import system_session
from samba.dcerpc import preg, security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.netcmd.gpo import parse_gplink
from samba.samdb import SamDB

CONF = sys.argv[1]
READER = "svc-kmsiso"
FIREWALL = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"

lp = LoadParm()
lp.load(CONF)
db = SamDB(session_info=system_session(), lp=lp)
dn = str(db.domain_dn())
sid = str(db.get_domain_sid())
zone = lp.get("realm").lower()
sysvol = lp.get("path", "sysvol")
policies = "CN=Policies,CN=System," + dn


def sid_of(name):
    found = db.search(dn, expression="(sAMAccountName=%s)" % name, attrs=["objectSid"])
    return str(ndr_unpack(security.dom_sid, bytes(found[0]["objectSid"][0])))


def change(where, **values):
    m = ldb.Message(ldb.Dn(db, where))
    for name, value in values.items():
        m[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
    db.modify(m)


def descriptor(where, sddl):
    sd = security.descriptor.from_sddl(sddl, security.dom_sid(sid))
    change(where, nTSecurityDescriptor=ndr_pack(sd))


DEFAULT = ("O:DAG:DAD:P{first}(A;CI;RPWPCCDCLCLORCWOWDSDDTSW;;;DA)(A;CI;RPLCLORC;;;{who})"
           "(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;{who})(A;CI;RPLCLORC;;;ED)")


def gpo(number, name, files=True, path=None, **values):
    """Makes a GPO like those of the lab, by a GUID that says which one it is."""
    guid = "{%08X-0000-4000-8000-000000000000}" % number
    where = "CN=%s,%s" % (guid, policies)
    at = r"\\%s\sysvol\%s\Policies\%s" % (zone, zone, guid)
    db.add({"dn": where, "objectClass": ["top", "container", "groupPolicyContainer"], "displayName": name,
            "gPCFunctionalityVersion": "2", "gPCFileSysPath": path or at, "versionNumber": "-65535", "flags": "0", **values})
    folder = os.path.join(sysvol, zone, "Policies", guid)
    if files:
        os.makedirs(os.path.join(folder, "Machine"))
        with open(os.path.join(folder, "GPT.INI"), "w") as f:
            f.write("[General]\r\nVersion=4294901761\r\n")
    return where, folder


def pol(folder, *entries, name="Registry.pol"):
    f = preg.file()
    f.header.signature, f.header.version = "PReg", 1
    all = []
    for key, value, kind, data in entries:
        e = preg.entry()
        e.keyname, e.valuename, e.type, e.data = key, value, kind, data
        all.append(e)
    f.num_entries, f.entries = len(all), all
    with open(os.path.join(folder, "Machine", name), "wb") as out:
        out.write(ndr_pack(f))


db.transaction_start()
# Groups: "filtered" has "nested", which has "again", which has "filtered" once more.
for name in ("filtered", "nested", "again", "primary", "other"):
    db.newgroup(name)
db.add_remove_group_members("filtered", ["nested"], True)
db.add_remove_group_members("nested", ["again"], True)
db.add_remove_group_members("again", ["filtered", "KMS01$"], True)
db.add_remove_group_members("other", ["KMS02$"], True)
db.add_remove_group_members("nested", ["CLIENT1$"], True)
db.add_remove_group_members("primary", ["Domain Computers"], True)
# A second account with a name of kms01, an old client, a disabled one, one without a name in DNS.
for name, flags in (("TWIN", 4096), ("OLD", 4096), ("GONE", 4098), ("NAMELESS", 4096)):
    db.newcomputer(name, prepare_oldjoin=True)
    where = "CN=%s,CN=Computers,%s" % (name, dn)
    change(where, userAccountControl=str(flags))
    if name != "NAMELESS":
        change(where, dNSHostName=name.lower() + "." + zone)
change("CN=OLD,CN=Computers," + dn, lastLogonTimestamp="130000000000000000", operatingSystem="Windows XP Professional",
       operatingSystemVersion="5.1 (2600)")
kms01 = db.search(dn, expression="(sAMAccountName=KMS01$)", attrs=["dn"])[0].dn
change(str(kms01), **{"msDS-SupportedEncryptionTypes": "24"})

where, folder = gpo(1, "Filtered", gPCWQLFilter="[%s;{00000001-0000-4000-8000-00000000000F};0]" % zone,
                    gPCMachineExtensionNames="[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]")
descriptor(where, DEFAULT.format(first="(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)", who=sid_of("filtered")) +
           "(A;CI;RPLCLORC;;;AU)(A;;RP;;;%s)(A;;RP;;;%s)(A;;RP;;;BU)" % (sid_of("primary"), sid_of("KMS02$")))
pol(folder, (FIREWALL, "PolicyVersion", 4, 0x21a), (FIREWALL + r"\ConSecRules", "{3F1C}", 1, "v2.20|Action=SecureServer|Active=TRUE|"),
    (r"SOFTWARE\Policies\Other", "x", 1, "y"), name="REGISTRY.POL")
filtered = where
where, folder = gpo(2, "Denied in the directory")
descriptor(where, DEFAULT.format(first="(D;CI;RPLCLORC;;;%s)" % sid_of(READER), who="AU"))
where, folder = gpo(3, "Denied in SYSVOL")
pol(folder, (FIREWALL, "PolicyVersion", 4, 0x21a))
for at, _, names in os.walk(folder):
    for name in [at] + [os.path.join(at, n) for n in names]:
        subprocess.run(["samba-tool", "ntacl", "set", "-s", CONF, "--use-s3fs",
                        "O:BAG:BAD:P(D;OICI;FA;;;%s)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;AU)" % sid_of(READER), name], check=True, capture_output=True)
gpo(4, "Without a folder", files=False)
where, folder = gpo(5, "Broken")
with open(os.path.join(folder, "GPT.INI"), "w") as f:
    f.write("[Other]\r\n")
pol(folder, (FIREWALL, "PolicyVersion", 4, 0x21a))
with open(os.path.join(folder, "Machine", "Registry.pol"), "r+b") as f:
    f.truncate(os.fstat(f.fileno()).st_size - 3)
gpo(6, "Elsewhere", path=r"\\evil.example.test\sysvol\x\Policies\{6}", files=False)
gpo(7, "Climbing", path=r"\\%s\sysvol\%s\..\..\private\secrets.ldb" % (zone, zone), files=False)
where, folder = gpo(8, "Without gpt.ini")
os.remove(os.path.join(folder, "GPT.INI"))

db.add({"dn": "OU=Hosts," + dn, "objectClass": "organizationalUnit", "gPOptions": "1",
        "gPLink": "[LDAP://cn={DEADBEEF-0000-4000-8000-000000000000},cn=policies,cn=system,%s;0][LDAP://%s;2]" % (dn, filtered)})
db.add({"dn": "OU=Quiet," + dn, "objectClass": "organizationalUnit", "gPOptions": "0", "gPLink": " "})
for at in ("CN=WMIPolicy,CN=System,", "CN=SOM,CN=WMIPolicy,CN=System,"):
    if not db.search(dn, expression="(distinguishedName=%s%s)" % (at, dn), attrs=["dn"]):
        db.add({"dn": at + dn, "objectClass": "container"})
QUERY = r"""1;3;10;63;WQL;root\CIMv2;select * from Win32_OperatingSystem where Version like "10.%";"""
db.add({"dn": "CN={00000001-0000-4000-8000-00000000000F},CN=SOM,CN=WMIPolicy,CN=System," + dn, "objectClass": "msWMI-Som",
        "msWMI-ID": "{00000001-0000-4000-8000-00000000000f}", "msWMI-Name": "Windows 10 and later", "msWMI-Parm2": QUERY,
        "msWMI-Author": "x", "msWMI-ChangeDate": "20260101000000.000000-000", "msWMI-CreationDate": "20260101000000.000000-000"})
config = str(db.get_config_basedn())
site = "CN=Default-First-Site-Name,CN=Sites," + config
change(site, gPLink="[LDAP://%s;1]" % filtered)
db.add({"dn": "CN=198.18.10.0/24,CN=Subnets,CN=Sites," + config, "objectClass": "subnet", "siteObject": site})
db.add({"dn": "CN=2001:db8:10::/64,CN=Subnets,CN=Sites," + config, "objectClass": "subnet", "siteObject": site})
services = "CN=Services," + config
db.add({"dn": "CN=Microsoft SPP," + services, "objectClass": "container"})
db.add({"dn": "CN=Activation Objects,CN=Microsoft SPP," + services, "objectClass": "msSPP-ActivationObjectsContainer"})
db.add({"dn": "CN=Windows,CN=Activation Objects,CN=Microsoft SPP," + services, "objectClass": "msSPP-ActivationObject",
        "displayName": "Windows Server 2022", "msSPP-CSVLKPartialProductKey": "XXXXX", "msSPP-CSVLKPid": "x", "msSPP-CSVLKSkuId": b"\0" * 16,
        "msSPP-KMSIds": b"\0" * 16})
# What the schema says of their descriptors, which Samba 4.17 makes nothing of for a space in it.
for at in ("CN=Activation Objects,CN=Microsoft SPP,", "CN=Windows,CN=Activation Objects,CN=Microsoft SPP,"):
    descriptor(at + services, "O:BAG:BAD:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;DA)(A;;RPLCLORC;;;AU)")
db.transaction_commit()

# The database refuses a name that another account has; two controllers can let one in each. So it is put below that check.
below = ldb.Ldb("tdb://" + os.path.join(lp.get("private dir"), "sam.ldb.d", dn.upper() + ".ldb"))
m = ldb.Message(ldb.Dn(below, "CN=TWIN,CN=Computers," + dn))
m["servicePrincipalName"] = ldb.MessageElement(["host/kms01." + zone], ldb.FLAG_MOD_REPLACE, "servicePrincipalName")
below.modify(m)

# What Samba says: the groups in the token of every computer, whom each GPO's descriptor names, and what is linked where.
tokens, gpos, links = {}, {}, {}
for found in db.search(dn, expression="(objectCategory=computer)", attrs=["sAMAccountName"]):
    own = db.search(found.dn, scope=ldb.SCOPE_BASE, attrs=["tokenGroups"])
    tokens[str(found["sAMAccountName"])] = sorted(str(ndr_unpack(security.dom_sid, bytes(v))) for v in own[0]["tokenGroups"])
for found in db.search(policies, scope=ldb.SCOPE_ONELEVEL, attrs=["nTSecurityDescriptor"]):
    sd = ndr_unpack(security.descriptor, bytes(found["nTSecurityDescriptor"][0]))
    gpos[str(found.dn)] = sorted({str(a.trustee) for a in sd.dacl.aces})
for base in (dn, config):
    for found in db.search(base, expression="(gPLink=*)", attrs=["gPLink"]):
        if str(found["gPLink"][0]).strip():
            links[str(found.dn)] = [[link["dn"], link["options"]] for link in parse_gplink(str(found["gPLink"][0]))]
json.dump({"tokens": tokens, "gpos": gpos, "links": links, "domain": sid,
           "sids": {n: sid_of(n) for n in ("filtered", "primary", "KMS02$")}}, sys.stdout)
