import json
import os
import urllib.error
import urllib.parse
import urllib.request

TOKEN_ENDPOINT = os.environ.get("TOKEN_ENDPOINT", "http://127.0.0.1:8081/token")


class ExchangeError(Exception):
    """`error` is RFC 8693's; `status` says what to answer: 400 is about the caller's token, others are not."""

    def __init__(self, status, error):
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error


def exchange(callers_token, resource, scope):
    """The token for another API, in the name of whoever called with `callers_token`."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": callers_token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "resource": resource,
        "scope": scope,
    }
    try:
        with urllib.request.urlopen(TOKEN_ENDPOINT, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
            return json.load(answer)["access_token"]
    except urllib.error.HTTPError as refusal:
        raise ExchangeError(refusal.code, json.load(refusal).get("error")) from None
