"""A small OpenID Connect issuer on the loopback, honest unless told otherwise: discovery, token, user info, keys."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "heartline", "kept between us"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY, STRANGERS_KEY = new_key(), new_key()


@dataclass
class FakeIssuer:
    """What the issuer says next. `claims` and `info` are laid over the honest ones; None leaves a claim out."""

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    key: Any = KEY
    algorithm: str = "RS256"
    without_token: bool = False
    broken: str = ""
    nonce: str = ""
    verifiers: list[str] = field(default_factory=list)

    def person(self) -> dict[str, Any]:
        """Return who signs in."""
        return {"sub": "42", "email": "grace@example.com", "email_verified": True, "name": "Grace"}

    def token(self) -> str:
        """Return a signed identity token."""
        now = int(time.time())
        honest = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **self.person(),
        }
        claims = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": "one"})

    def answer(self, path: str, form: dict[str, list[str]]) -> Any:
        """Return the JSON of an address."""
        if path == self.broken:
            return {}
        if path.endswith("/.well-known/openid-configuration"):
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/token":
            self.verifiers += form.get("code_verifier", [])
            tokens = {"access_token": "opens the user info", "token_type": "Bearer", "expires_in": 300}
            return tokens if self.without_token else {**tokens, "id_token": self.token()}
        if path == "/userinfo":
            return {**self.person(), **self.info}
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}


@contextmanager
def running_issuer() -> Iterator[FakeIssuer]:
    """Run an issuer on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):
                self._send_back()
            else:
                self._answer({})

        def _send_back(self) -> None:
            """Send a browser back with a code, as after a sign-in."""
            asked = {name: values[0] for name, values in parse_qs(self.path.partition("?")[2]).items()}
            issuer.nonce = asked["nonce"]
            self.send_response(302)
            self.send_header(
                "Location", asked["redirect_uri"] + "?" + urlencode({"code": "abc", "state": asked["state"]})
            )
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(parse_qs(body.decode()))

        def _answer(self, form: dict[str, list[str]]) -> None:
            content = json.dumps(issuer.answer(self.path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = FakeIssuer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
