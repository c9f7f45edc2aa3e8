"""Holds a verifier to the conformance vectors: vectors.py VECTORS. It is verifier.py, beside this file."""

import json
import sys

import jwt
from verifier import Refused, verify

document = json.load(open(sys.argv[1]))
keys = {key["kid"]: jwt.PyJWK(key).key for key in document["jwks"]["keys"] if key["use"] == "sig"}
others = 0
for vector in document["vectors"]:
    try:
        verdict = {"accept": verify(vector["token"], keys.__getitem__, document["api"], document["now"])}
    except Refused as refusal:
        verdict = {"status": refusal.status}
    expected = {"accept": vector["accept"]} if "accept" in vector else {"status": vector["refuse"]["status"]}
    if verdict != expected:
        others += 1
        print(f"{vector['name']}: {verdict}, not {expected}")
print(f"{len(document['vectors'])} vectors, {others} verdicts are others")
sys.exit(1 if others else 0)
