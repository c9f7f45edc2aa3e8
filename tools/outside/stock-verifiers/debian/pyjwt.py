"""API B with PyJWT. Reads what it is told from standard input, prints what becomes of each token."""

import json
import sys

import jwt

told = json.load(sys.stdin)
keys = jwt.PyJWKClient(told["jwksUri"])


def verify(token):
    try:
        key = keys.get_signing_key_from_jwt(token).key
        claims = jwt.decode(token, key, algorithms=["RS256"], issuer=told["issuer"], audience=told["audience"])
        return {"accepted": claims["sub"]}
    except jwt.PyJWTError as refusal:
        return {"refused": f"{type(refusal).__name__}: {refusal}"}


print(json.dumps({name: verify(token) for name, token in told["tokens"].items()}))
