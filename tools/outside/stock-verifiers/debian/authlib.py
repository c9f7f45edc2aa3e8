"""API B with Authlib. Reads what it is told from standard input, prints what becomes of each token."""

import sys

# This file must not be taken for the library that it uses.
sys.path.pop(0)

import json

from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError

told = json.load(sys.stdin)
keys = JsonWebKey.import_key_set(told["jwks"])
rules = {
    "iss": {"essential": True, "value": told["issuer"]},
    "aud": {"essential": True, "value": told["audience"]},
}


def verify(token):
    try:
        claims = JsonWebToken(["RS256"]).decode(token, keys, claims_options=rules)
        claims.validate()
        return {"accepted": claims["sub"]}
    except JoseError as refusal:
        return {"refused": str(refusal)}


print(json.dumps({name: verify(token) for name, token in told["tokens"].items()}))
