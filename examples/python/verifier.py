import base64
import json
import time

import jwt


class Refused(Exception):
    """Why a token is refused, for your log; the caller is told the status."""

    def __init__(self, reason, status=401):
        super().__init__(reason)
        self.status = status


def demand(holds, reason, status=401):
    if not holds:
        raise Refused(reason, status)


def unique(members):
    demand(len(dict(members)) == len(members), "a member is there twice")
    return dict(members)


def read(part):
    """One part of a token, in the one spelling of its bytes."""
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    demand(base64.urlsafe_b64encode(data).rstrip(b"=") == part.encode(), "another spelling")
    return data


def read_object(part):
    value = json.loads(read(part).decode(), object_pairs_hook=unique)
    demand(isinstance(value, dict), "no JSON object")
    return value


def is_name(value):
    return isinstance(value, str) and value != "" and value.strip() == value


def is_time(value):
    return type(value) is int and value >= 0


def read_actors(act, most):
    """The names of a chain, the current actor first."""
    names = []
    while True:
        demand(isinstance(act, dict) and is_name(act.get("sub")), "an actor without a name")
        names.append(act["sub"])
        demand(len(names) <= most, "too many actors", 403)
        if "act" not in act:
            return names
        act = act["act"]


def verify(token, find_key, api, now=None):
    """Who calls for whom. `find_key` finds a published signing key by its `kid`."""
    now = time.time() if now is None else now
    try:
        encoded_header, encoded_claims, signature = token.split(".")
        header, claims = read_object(encoded_header), read_object(encoded_claims)
        read(signature)
        demand(str(header.get("typ", "JWT")).lower() in ("jwt", "at+jwt", "application/at+jwt"), "another type")
        demand(isinstance(header.get("kid"), str), "no kid")
        # Older releases of PyJWT pass over it.
        demand("crit" not in header, "a header with crit")
        jwt.decode(
            token,
            find_key(header["kid"]),
            algorithms=api["algorithms"],
            issuer=api["issuer"],
            audience=api["audience"],
            # The times are looked at below: `exp` gets no tolerance.
            options={"require": ["exp", "iss", "aud"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except (ValueError, LookupError, RecursionError, jwt.PyJWTError) as refusal:
        raise Refused(type(refusal).__name__) from refusal
    demand(is_time(claims["exp"]) and claims["exp"] > now, "it has ended")
    for name in ("nbf", "iat"):
        value = claims.get(name, 0)
        demand(is_time(value) and value <= now + api["clockToleranceSeconds"], f"{name} is ahead")

    demand("act" in claims and "assertion" in claims, "nobody acts for a user in it")
    actors = read_actors(claims["act"], api["maxActorDepth"])
    client, subject, assertion = claims.get("cid"), claims.get("sub"), claims["assertion"]
    demand(actors[0] == client, "its actor is not its client")
    demand(claims["act"].get("iss", api["issuer"]) == api["issuer"], "another issuer vouches for its actor")
    demand(is_name(subject) and subject != client, "it is for no user")
    demand(isinstance(assertion, dict) and is_name(assertion.get("iss")), "an assertion without issuer")
    demand(is_name(assertion.get("sub")) and is_time(assertion.get("exp")), "an assertion without user or end")
    issuers = api["assertionIssuers"]
    demand(assertion["iss"] in issuers, "users of another issuer")
    prefix_of = {name: issuer.get("subject", {}).get("prefix", "") for name, issuer in issuers.items()}
    prefix = prefix_of[assertion["iss"]]
    demand(subject == prefix + assertion["sub"], "another user than the assertion's")
    taken = any(subject.startswith(other) for other in prefix_of.values() if other)
    demand(prefix or not taken, "called like a user of another issuer")
    demand(assertion["exp"] > now, "its assertion has ended")

    demand("cnf" not in claims, "bound to a key")
    scopes = claims.get("scp", [])
    demand(isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes), "scopes of another shape")
    demand(actors[0] in api["allowedActors"], "this client may not call", 403)
    demand(set(api["requiredScopes"]) <= set(scopes), "scopes are missing", 403)
    return {
        "subject": subject,
        "user": {"issuer": assertion["iss"], "subject": assertion["sub"]},
        "actors": actors,
        "scopes": scopes,
        "expiresAt": min(claims["exp"], assertion["exp"]),
    }
