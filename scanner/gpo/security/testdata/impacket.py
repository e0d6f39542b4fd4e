"""Reads security descriptors with impacket, which knows entries that Samba does not.

Reads a JSON list of descriptors in hexadecimal from standard input and writes
what is in their DACLs.
"""

import json
import sys

from impacket.ldap.ldaptypes import SR_SECURITY_DESCRIPTOR
from impacket.uuid import bin_to_string


def guid(ace, name):
    raw = ace.fields.get(name)
    return bin_to_string(raw).lower() if raw else ""


def entry(e):
    ace = e["Ace"]
    return {
        "type": e["AceType"],
        "flags": e["AceFlags"],
        "mask": ace["Mask"]["Mask"],
        # Its text has one byte of the authority only.
        "trustee": ace["Sid"].getData().hex(),
        "object": guid(ace, "ObjectType"),
        "inherited": guid(ace, "InheritedObjectType"),
        "data": (ace.fields.get("ApplicationData") or b"").hex(),
    }


def entries(text):
    dacl = SR_SECURITY_DESCRIPTOR(data=bytes.fromhex(text))["Dacl"]
    return [entry(e) for e in dacl.aces]


json.dump([entries(text) for text in json.load(sys.stdin)], sys.stdout)
