#!/usr/bin/python3
"""Write the backups of testdata/isolation in the layout of Backup-GPO.

Registry.pol and the security descriptors are encoded by python3-samba. Run it
in its own folder; what it writes is committed.
"""
import os
import shutil
from xml.sax.saxutils import escape

from samba.dcerpc import preg, security
from samba.ndr import ndr_pack

ROOT = "isolation"
SIDS = {"contoso.test": "S-1-5-21-1111111111-2222222222-3333333333", "west.contoso.test": "S-1-5-21-1111111111-2222222222-4020304050"}
BASE = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"
AUTH = "{7B2E6A1C-0D5F-4E1B-9A54-2A4C7F6E0B11}"
KERB = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE3}"
NOUSER = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE4}"
QM = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE2}"
EXTENSIONS = "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]"
# The paper's permissions: everybody applies it, domain controllers do not.
SDDL = ("D:PAI(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)"
        "(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)"
        "(A;CI;RPWPCCDCLCLORCWOWDSDDTSW;;;DA)(A;CI;RPLCLORC;;;AU)(A;CI;RPLCLORC;;;ED)")


def rule(hosts):
    ends = "".join("EP2_4=%s|" % h for h in hosts)
    return ("v2.26|Action=SecureServer|Active=TRUE|Profile=Domain|%sName=KMS Isolation|Desc=|"
            "Auth1Set=%s|Auth2Set=%s|Crypto2Set=%s|EmbedCtxt=|" % (ends, AUTH, NOUSER, QM))


def settings(hosts):
    def entry(key, name, kind, data):
        e = preg.entry()
        e.keyname, e.valuename, e.type, e.data = key, name, kind, data
        return e
    f = preg.file()
    f.header.signature, f.header.version = "PReg", 1
    entries = [
        entry(BASE, "PolicyVersion", 4, 0x21a),
        entry(BASE + r"\ConSecRules", "{3F1C0001-6D8B-4B77-A1F5-0C4A5C3B7E10}", 1, rule(hosts)),
        entry(BASE + "\\Phase1AuthenticationSets\\" + AUTH, "Version", 1, "2.26"),
        entry(BASE + "\\Phase1AuthenticationSets\\" + AUTH + "\\0000", "Method", 1, "MachineKerb"),
        entry(r"SOFTWARE\Policies\Microsoft\Windows\System", "GroupPolicyRefreshTime", 4, 90),
    ]
    f.num_entries = len(entries)
    f.entries = entries
    return ndr_pack(f)


def cdata(name, text):
    return "<%s><![CDATA[%s]]></%s>" % (name, text, name)


def instance(b):
    return ('<BackupInst%s>' + cdata("GPOGuid", b["gpo"]) + cdata("GPODomain", b["domain"])
            + cdata("GPODomainGuid", "{21AE17E9-5746-4C0A-AB06-86222E0EB1D7}")
            + cdata("GPODomainController", "dc01." + b["domain"]) + cdata("BackupTime", b["time"])
            + cdata("ID", b["id"]) + cdata("Comment", "") + cdata("GPODisplayName", b["name"]) + "</BackupInst>")


MANIFEST = ' xmlns="http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest"'


def scheme(b):
    sd = ndr_pack(security.descriptor.from_sddl(SDDL, security.dom_sid(SIDS[b["domain"]])))
    wmi = "<WMIFilter/>"
    if b.get("filter"):
        wmi = (cdata("WMIFilter", 'MSFT_SomFilter.ID="%s",Domain="%s"' % (b["filter"], b["domain"].upper()))
               + cdata("WMIFilterName", b["filter name"]))
    files = ""
    if b.get("hosts"):
        files = ('<GroupPolicyExtension bkp:ID="{35378EAC-683F-11D2-A89A-00C04FBBCFA2}" bkp:DescName="Registry">'
                 r'<FSObjectFile bkp:Path="%GPO_MACH_FSPATH%\registry.pol" bkp:Location="DomainSysvol\GPO\Machine\registry.pol"/>'
                 r'<FSObjectFile bkp:Path="%GPO_FSPATH%\Adm\*.*"/></GroupPolicyExtension>')
    return ('<?xml version="1.0" encoding="utf-8"?><GroupPolicyBackupScheme bkp:version="2.0" bkp:type="GroupPolicyBackupTemplate" '
            'xmlns:bkp="http://www.microsoft.com/GroupPolicy/GPOOperations" xmlns="http://www.microsoft.com/GroupPolicy/GPOOperations">\n'
            '    <GroupPolicyObject><SecurityGroups><Group bkp:Source="FromDACL">' + cdata("Sid", SIDS[b["domain"]] + "-512")
            + cdata("SamAccountName", "Domain Admins") + cdata("NetBIOSDomainName", b["domain"].split(".")[0].upper())
            + cdata("DnsDomainName", b["domain"]) + "</Group></SecurityGroups><FilePaths/><GroupPolicyCoreSettings>"
            + cdata("ID", b["gpo"]) + cdata("Domain", b["domain"])
            + "<SecurityDescriptor>" + sd.hex(" ") + "</SecurityDescriptor>" + cdata("DisplayName", b["name"])
            + cdata("Options", "1") + cdata("UserVersionNumber", "0")
            + cdata("MachineVersionNumber", b["version"] << 16 | b["version"])
            + cdata("MachineExtensionGuids", EXTENSIONS) + "<UserExtensionGuids/>" + wmi + "</GroupPolicyCoreSettings>\n"
            + files + "</GroupPolicyObject>\n</GroupPolicyBackupScheme>\n")


def report(b):
    links = "".join("  <LinksTo>\n    <SOMName>%s</SOMName>\n    <SOMPath>%s</SOMPath>\n    <Enabled>%s</Enabled>\n"
                    "    <NoOverride>%s</NoOverride>\n  </LinksTo>\n" % (path.split("/")[-1], path, enabled, enforced)
                    for path, enabled, enforced in b["links"])
    name = "  <FilterName>%s</FilterName>\n" % escape(b["filter name"]) if b.get("filter") else ""
    return ('<?xml version="1.0" encoding="utf-16"?>\n<GPO xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://www.microsoft.com/GroupPolicy/Settings">\n'
            '  <Identifier>\n    <Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">%s</Identifier>\n'
            '    <Domain xmlns="http://www.microsoft.com/GroupPolicy/Types">%s</Domain>\n  </Identifier>\n  <Name>%s</Name>\n  <ReadTime>%s.3453203Z</ReadTime>\n'
            '  <SecurityDescriptor>\n    <SDDL xmlns="http://www.microsoft.com/GroupPolicy/Types/Security">O:DAG:DA%s</SDDL>\n'
            '  </SecurityDescriptor>\n  <FilterDataAvailable>true</FilterDataAvailable>\n%s'
            '  <Computer>\n    <VersionDirectory>%d</VersionDirectory>\n    <VersionSysvol>%d</VersionSysvol>\n    <Enabled>true</Enabled>\n'
            '%s  </Computer>\n  <User>\n    <VersionDirectory>0</VersionDirectory>\n    <VersionSysvol>0</VersionSysvol>\n'
            '    <Enabled>false</Enabled>\n  </User>\n%s</GPO>'
            % (b["gpo"], b["domain"], escape(b["name"]), b["time"], SDDL, name, b["version"], b["sysvol"], b.get("extension", ""), links))


def element(name, **tokens):
    out = "        <q7:%s>\n" % name
    for token, values in tokens.items():
        for v in values if isinstance(values, list) else [values]:
            out += "          <q7:%s>%s</q7:%s>\n" % (token, v, token)
    return out + "        </q7:%s>\n" % name


FIREWALL = (
    '    <ExtensionData>\n      <Extension xmlns:q7="http://www.microsoft.com/GroupPolicy/Settings/WindowsFirewall" '
    'xsi:type="q7:WindowsFirewallSettings">\n'
    '        <q7:GlobalSettings>\n          <q7:PolicyVersion>\n            <q7:Value>538</q7:Value>\n          </q7:PolicyVersion>\n'
    '        </q7:GlobalSettings>\n'
    + element("InboundFirewallRules", Version="2.26", Action="Allow", Name="KMS", Dir="In", Profile=["Domain", "Private"],
              LPort="1688", Protocol="6", Active="true")
    + element("ConnectionSecurityRules", Version="2.26", Action="SecureServer", Name="KMS Isolation", Profile="Domain",
              EP2_4=["198.18.10.30", "198.18.10.31"], Auth1Set=AUTH, Auth2Set="EmptySet", Crypto2Set=QM, Desc="", Active="true")
    + element("ConnectionSecurityRules", Version="2.26", Action="DoNotSecure", Name="Kiosks", EP2_4="198.18.40.0/255.255.255.0", Active="true")
    + '        <q7:Phase1AuthenticationSets>\n          <q7:GUID>%s</q7:GUID>\n          <q7:Version>2.26</q7:Version>\n'
      '          <q7:AuthenticationSuites>\n            <q7:Method>MachineKerb</q7:Method>\n          </q7:AuthenticationSuites>\n'
      '          <q7:AuthenticationSuites>\n            <q7:Method>MachineCert</q7:Method>\n            <q7:CAName>CN=Root</q7:CAName>\n'
      '            <q7:CertAccountMapping>false</q7:CertAccountMapping>\n          </q7:AuthenticationSuites>\n'
      '        </q7:Phase1AuthenticationSets>\n' % AUTH
    + element("DefaultPhase1CryptoSet", Version="2.26", TimeOutMinutes="480")
    + '      </Extension>\n      <Name>Windows-Firewall</Name>\n    </ExtensionData>\n')

BACKUPS = [
    {"id": "{0A11B200-0001-4000-8000-000000000001}", "gpo": "{6C0DE000-1688-4A00-8000-00000000A001}", "domain": "contoso.test",
     "name": "KMS Isolation Policy", "time": "2026-11-20T09:00:00", "version": 4, "sysvol": 4, "hosts": ["198.18.10.30", "198.18.10.31"],
     "links": [("contoso.test", "true", "false"), ("contoso.test/Servers/KMS", "false", "true")]},
    {"id": "{0A11B200-0002-4000-8000-000000000002}", "gpo": "{6C0DE000-1688-4A00-8000-00000000A001}", "domain": "contoso.test",
     "name": "KMS Isolation Policy", "time": "2026-10-01T09:00:00", "version": 3, "sysvol": 3, "hosts": ["198.18.10.30"],
     "links": [("contoso.test", "true", "false")]},
    {"id": "{0A11B200-0003-4000-8000-000000000003}", "gpo": "{6C0DE000-1688-4A00-8000-00000000B002}", "domain": "west.contoso.test",
     "name": "KMS Isolation West", "time": "2026-11-20T09:00:01", "version": 7, "sysvol": 6, "extension": FIREWALL, "links": [],
     "filter": "{39b2ba78-17af-4954-95c1-7b21773c44e0}", "filter name": "Windows & later"},
]


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    for b in BACKUPS:
        folder = os.path.join(ROOT, b["id"])
        os.makedirs(os.path.join(folder, "DomainSysvol", "GPO", "Machine"))
        write = lambda name, data: open(os.path.join(folder, name), "wb").write(data)
        write("bkupInfo.xml", (instance(b) % MANIFEST).encode())
        write("Backup.xml", scheme(b).encode())
        write("gpreport.xml", report(b).replace("\n", "\r\n").encode("utf-16"))
        if b.get("hosts"):
            write(os.path.join("DomainSysvol", "GPO", "Machine", "registry.pol"), settings(b["hosts"]))
    with open(os.path.join(ROOT, "manifest.xml"), "w") as f:
        f.write('<?xml version="1.0"?><Backups%s>%s</Backups>' % (MANIFEST, "".join(instance(b) % "" for b in BACKUPS)))


main()
