"""A small OpenID Connect provider on loopback: it signs in whom a test names, without asking."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "sightline", "a secret: with/signs"


@dataclass
class Told:
    """`claims` are those of who signs in next; `wrong` spoils the identity token."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "1", "groups": []})
    wrong: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    published: str = "k1"
    signs_with: str = "k1"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)


class _Handler(BaseHTTPRequestHandler):
    told: Told

    def do_GET(self) -> None:
        told, parts = self.told, urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json({
                "issuer": told.url, "authorization_endpoint": f"{told.url}/authorize",
                "token_endpoint": f"{told.url}/token", "jwks_uri": f"{told.url}/keys",
            })  # fmt: skip
        elif parts.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(told.key.public_key()))
            self._json({"keys": [{**public, "kid": told.published, "use": "sig"}]})
        elif parts.path == "/authorize":
            query = {key: value[0] for key, value in parse_qs(parts.query).items()}
            assert query["response_type"] == "code"
            told.asked["code-1"] = query
            self.send_response(302)
            back = f"{query['redirect_uri']}?code=code-1&state={query['state']}"
            self.send_header("Location", back)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_POST(self) -> None:
        told = self.told
        length = int(self.headers["Content-Length"])
        form = {key: value[0] for key, value in parse_qs(self.rfile.read(length).decode()).items()}
        basic = self.headers["Authorization"].removeprefix("Basic ")
        client, _, secret = base64.b64decode(basic).decode().partition(":")
        query = told.asked.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            query is None
            or (unquote(client), unquote(secret)) != (CLIENT, SECRET)
            or proof != query["code_challenge"]
            or form["redirect_uri"] != query["redirect_uri"]
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {
            "iss": told.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"],
            **told.claims, **told.wrong,
        }  # fmt: skip
        token = jwt.encode(claims, told.key, "RS256", headers={"kid": told.signs_with})
        self._json({"id_token": token, "access_token": "x", "token_type": "Bearer"})

    def log_message(self, format: str, *args: Any) -> None: ...

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def provider() -> Iterator[Told]:
    """Served until the block is left."""
    told = Told()
    handler = type("Handler", (_Handler,), {"told": told})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
