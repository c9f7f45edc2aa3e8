"""API B: answers whose orders it shows and who asks for them. What it demands of a token is in verifier.py."""

import os

from published_keys import KeysUnavailable, PublishedKeys
from service import Service, serve
from verifier import Refused, verify

ISSUER = os.environ["ISSUER"]
KEYS = PublishedKeys(f"{ISSUER}/v1/keys")
API = {
    "issuer": ISSUER,
    "audience": os.environ["AUDIENCE"],
    "algorithms": ["RS256"],
    "requiredScopes": ["orders:read"],
    "allowedActors": os.environ["ALLOWED_ACTORS"].split(","),
    "assertionIssuers": {issuer: {} for issuer in os.environ["USERS_ISSUERS"].split(",")},
    "maxActorDepth": 4,
    "clockToleranceSeconds": 60,
}


class ApiB(Service):
    def do_GET(self):
        if self.path != "/orders":
            return self.answer(404)
        token = self.bearer_token()
        if token is None:
            return self.answer(401, challenge="Bearer")
        try:
            access = verify(token, KEYS.find, API)
        except Refused as refusal:
            self.log_error("refused: %s", refusal)
            error = "invalid_token" if refusal.status == 401 else "insufficient_scope"
            return self.answer(refusal.status, challenge=f'Bearer error="{error}"')
        except KeysUnavailable:
            return self.answer(503)
        return self.answer(200, {"ordersOf": access["subject"], "actors": access["actors"]})


serve("api-b", ApiB, default_port=3002)
