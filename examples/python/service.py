import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service(BaseHTTPRequestHandler):
    """What both APIs do with HTTP. Nothing but the standard library, which is not what you would serve strangers with."""

    timeout = 10

    def bearer_token(self):
        """The token that the request was made with; None without one, and also with two."""
        scheme, _, token = ", ".join(self.headers.get_all("Authorization", [])).partition(" ")
        return token if scheme.lower() == "bearer" and token and " " not in token else None

    def answer(self, status, body=None, challenge=None):
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        self.send_response(status)
        if challenge is not None:
            self.send_header("WWW-Authenticate", challenge)
        if body is not None:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, *_):
        """Says nothing of requests that are answered."""


def serve(name, handler, default_port):
    """Serves on loopback until SIGTERM."""
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", default_port))), handler)
    # From another thread, because the server would wait for the handler of the signal.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"{name}: listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
    server.server_close()
