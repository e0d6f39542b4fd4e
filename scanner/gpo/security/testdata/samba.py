"""Answers questions about security descriptors with Samba's own code.

Reads JSON from standard input, a list of questions; writes the answers as a
list. Samba 4.17 ends with a segmentation fault where it writes an entry of a
type that SDDL has no letters for; that is an answer too.
"""

import json
import os
import sys

from samba import NTSTATUSError
from samba import security as checks
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack


def read(q):
    sd = ndr_unpack(security.descriptor, bytes.fromhex(q["binary"]), allow_remaining=True)
    return {"sddl": sd.as_sddl(security.dom_sid(q["domain"])), "plain": sd.as_sddl()}


def pack(q):
    sd = security.descriptor.from_sddl(q["sddl"], security.dom_sid(q["domain"]))
    return {"binary": ndr_pack(sd).hex()}


def check(q):
    sd = ndr_unpack(security.descriptor, bytes.fromhex(q["binary"]), allow_remaining=True)
    token = security.token()
    token.sids = [security.dom_sid(s) for s in q["token"]]
    token.num_sids = len(q["token"])
    try:
        checks.access_check(sd, token, q["mask"])
    except NTSTATUSError as e:
        if e.args[0] & 0xFFFFFFFF != 0xC0000022:  # access denied
            raise
        return {"granted": False}
    return {"granted": True}


def answer(q):
    try:
        return {"read": read, "pack": pack, "check": check}[q["ask"]](q)
    except Exception as e:  # what it refuses is an answer
        return {"error": repr(e)}


def apart(questions):
    """Answers in a process of its own; where that crashes, the halves apart."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        with os.fdopen(w, "w") as f:
            json.dump([answer(q) for q in questions], f)
        os._exit(0)
    os.close(w)
    with os.fdopen(r) as f:
        text = f.read()
    if os.waitpid(pid, 0)[1] == 0:
        return json.loads(text)
    if len(questions) == 1:
        return [{"error": "crashed"}]
    half = len(questions) // 2
    return apart(questions[:half]) + apart(questions[half:])


json.dump(apart(json.load(sys.stdin)), sys.stdout)
