"""A small OpenID provider: discovery, code with PKCE, signed id_token, userinfo. It says yes to everybody, as told.

It checks what a provider checks, so that a sign-in that leaves anything out fails here; and it can lie in every way that a
sign-in must notice.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "troth-of-parcel", "a-secret-of-the-two"


class Provider:
    """What the provider knows, and how it lies: `person` is who signs in, `lies` overrides claims of the id_token."""

    def __init__(self) -> None:
        self.home = ""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Honest again, and with no memory."""
        self.person: dict[str, Any] = {"sub": "1", "email": "sam@parcel.example", "email_verified": True, "name": "Sam"}
        self.lies: dict[str, Any] = {}
        self.userinfo_lies: dict[str, Any] = {}
        self.signs_with: rsa.RSAPrivateKey | None = None
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        #: What was asked at /authorize and what was refused, for tests to look at.
        self.asked: list[dict[str, str]] = []
        self.refused: list[str] = []

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.home,
            "authorization_endpoint": f"{self.home}/authorize",
            "token_endpoint": f"{self.home}/token",
            "userinfo_endpoint": f"{self.home}/userinfo",
            "jwks_uri": f"{self.home}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def jwks(self) -> dict[str, Any]:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes on to."""
        self.asked.append(asked)
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code; None, with the reason noted, where a provider would refuse."""
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None:
            return self._refuse("code")
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return self._refuse("client")
        if sent.get("redirect_uri") != asked["redirect_uri"]:
            return self._refuse("redirect_uri")
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked.get("code_challenge_method") != "S256" or asked.get("code_challenge") != challenge:
            return self._refuse("pkce")
        now = int(time.time())
        claims = {"iss": self.home, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce", "")}
        claims |= self.person | self.lies
        signed = jwt.encode(claims, self.signs_with or self.key, algorithm="RS256", headers={"kid": "1"})
        access = secrets.token_urlsafe()
        self.tokens[access] = {**self.person, **self.userinfo_lies}
        return {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def _refuse(self, why: str) -> None:
        self.refused.append(why)


@contextmanager
def openid_provider() -> Iterator[Provider]:
    """A provider on a port of its own."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/.well-known/openid-configuration":
                self.say(200, provider.configuration())
            elif url.path == "/jwks":
                self.say(200, provider.jwks())
            elif url.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(single(url.query)))
                self.end_headers()
            elif url.path == "/userinfo":
                person = provider.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
                self.say(200 if person else 401, person or {})
            else:
                self.say(404, {})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            given = provider.token(single(sent))
            self.say(200 if given else 400, given or {"error": "invalid_grant"})

        def say(self, status: int, values: dict[str, Any]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(values).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.home = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
