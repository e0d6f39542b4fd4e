"""Samba's reader and writer of Registry.pol, for the tests.

"make SEED N" prints N files that Samba packed, each a line of JSON: the file
in base64 and what it was made of. "read" takes files in base64, a line each,
and prints what Samba reads in them: a line of JSON, an error or the records.
"""

import base64
import json
import random
import sys

from samba.dcerpc import preg
from samba.ndr import ndr_pack, ndr_unpack

CHARS = "abcXYZ059 _-.{}[];=|,\u00e4\u00df\u0416\u540d\u20ac\U0001f600"


def data(value):
    if value is None:
        return {}
    if isinstance(value, bytes):
        return {"octets": value.hex()}
    if isinstance(value, int):
        return {"number": str(value)}
    return {"text": value}


def record(entry):
    return {"key": entry.keyname, "name": entry.valuename, "type": entry.type, "data": data(entry.data)}


def make(rng):
    text = lambda low, high: "".join(rng.choice(CHARS) for _ in range(rng.randint(low, high)))
    entries = []
    for _ in range(rng.choice([0, 1, 2, 5, 40])):
        e = preg.entry()
        e.keyname = "\\".join(text(1, 12) for _ in range(rng.randint(1, 6)))
        e.valuename = rng.choice(["", "**delvals.", "**del." + text(1, 8), "**soft.", text(1, 40)])
        e.type = rng.choice([0, 1, 1, 1, 2, 3, 4, 4, 5, 7, 11])
        if e.type in (1, 2):
            e.data = rng.choice(["", " ", text(0, 300)])
        elif e.type in (4, 5):
            e.data = rng.choice([0, 1, 0x21A, 0xFFFFFFFF, rng.getrandbits(32)])
        elif e.type == 11:
            e.data = rng.choice([0, 1 << 63, rng.getrandbits(63)])
        elif e.type in (3, 7):
            e.data = bytes(rng.choice([0, 0, 0x3B, 0x5B, 0x5D, rng.getrandbits(8)]) for _ in range(rng.randint(1, 200)))
        entries.append(e)
    f = preg.file()
    f.header.signature, f.header.version = "PReg", 1
    f.entries, f.num_entries = entries, len(entries)
    return {"file": base64.b64encode(ndr_pack(f)).decode(), "records": [record(e) for e in entries]}


def read(packed):
    try:
        f = ndr_unpack(preg.file, packed)  # the records are gone when it is
        return {"records": [record(e) for e in f.entries]}
    except Exception as e:  # whatever it is, it is a refusal
        return {"error": repr(e)}


if sys.argv[1] == "make":
    rng = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        print(json.dumps(make(rng)))
else:
    for line in sys.stdin:
        print(json.dumps(read(base64.b64decode(line))))
