"""Verifies an access token as an API in Python would. Reads JSON from standard input, prints JSON."""

import json
import sys

import jwt

asked = json.load(sys.stdin)
keys = jwt.PyJWKClient(asked["issuer"] + "/v1/keys")
try:
    key = keys.get_signing_key_from_jwt(asked["token"]).key
    claims = jwt.decode(
        asked["token"],
        key,
        algorithms=["RS256"],
        issuer=asked["issuer"],
        audience=asked["audience"],
        options={"require": ["exp", "iat", "sub"]},
    )
    print(json.dumps({"claims": claims}))
except jwt.PyJWTError as refusal:
    print(json.dumps({"refused": type(refusal).__name__}))
