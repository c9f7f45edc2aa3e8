import json
import threading
import time
import urllib.request

import jwt


class KeysUnavailable(Exception):
    """The issuer's keys cannot be had."""


class PublishedKeys:
    """An issuer's signing keys: ten minutes old at most, and asked for at most every ten seconds, whatever a kid says."""

    def __init__(self, uri):
        self.uri = uri
        self.lock = threading.Lock()
        self.keys = {}
        self.fetched_at = self.tried_at = float("-inf")

    def find(self, kid):
        """The key of that name; a LookupError when the issuer publishes none."""
        with self.lock:
            now = time.monotonic()
            if (now - self.fetched_at > 600 or kid not in self.keys) and now - self.tried_at > 10:
                self.tried_at = now
                self.fetch()
            if now - self.fetched_at > 600 + 10:
                raise KeysUnavailable
            return self.keys[kid]

    def fetch(self):
        try:
            with urllib.request.urlopen(self.uri, timeout=4) as answer:
                published = json.load(answer)["keys"]
            self.keys = {key["kid"]: jwt.PyJWK(key).key for key in published if key.get("use") == "sig"}
        except (OSError, ValueError, LookupError, jwt.PyJWTError):
            return
        self.fetched_at = self.tried_at
