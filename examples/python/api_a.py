"""API A: asks API B on behalf of its caller. The sidecar beside it verifies the caller's token and exchanges it."""

import json
import os
import urllib.request

from exchange import ExchangeError, exchange
from service import Service, serve

RESOURCE = os.environ["RESOURCE"]
API_B_URL = os.environ["API_B_URL"]


def ask_api_b(token):
    request = urllib.request.Request(f"{API_B_URL}/orders")
    # It goes to API B, and nowhere that API B might redirect to.
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


class ApiA(Service):
    def do_GET(self):
        if self.path != "/orders":
            return self.answer(404)
        callers_token = self.bearer_token()
        if callers_token is None:
            return self.answer(401, challenge="Bearer")
        try:
            orders = ask_api_b(exchange(callers_token, RESOURCE, "orders:read"))
        except ExchangeError as refusal:
            self.log_error("no token: %s", refusal)
            if refusal.status == 400 and refusal.error == "invalid_request":
                return self.answer(401, challenge='Bearer error="invalid_token"')
            return self.answer(503 if refusal.status == 503 else 502)
        except (OSError, ValueError) as fault:
            self.log_error("no answer: %s", type(fault).__name__)
            return self.answer(502)
        return self.answer(200, orders)


serve("api-a", ApiA, default_port=3001)
