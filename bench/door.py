"""An application's WSGI door: no server, no network and no client of tests in between.

Peers come through it in environments of their own, so it needs the standard library and nothing else.
"""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlencode


class Wsgi:
    """Somebody who asks at it, signed in by *cookies* or *headers*."""

    def __init__(self, application: Any, cookies: dict[str, str], *, headers: dict[str, str] | None = None) -> None:
        self.application = application
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.headers = headers or {}

    def get(self, path: str, *, expected: int = 200) -> bytes:
        return self.asked("GET", path, expected=expected)[0]

    def post(self, path: str, values: dict[str, Any], *, expected: int = 302) -> bytes:
        form = "application/x-www-form-urlencoded"
        return self.asked("POST", path, urlencode(values).encode(), kind=form, expected=expected)[0]

    def post_json(
        self, path: str, values: dict[str, Any], *, headers: dict[str, str] | None = None, expected: int = 201
    ) -> bytes:
        body = json.dumps(values).encode()
        return self.asked("POST", path, body, kind="application/json", headers=headers, expected=expected)[0]

    def asked(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        kind: str = "",
        headers: dict[str, str] | None = None,
        expected: int,
    ) -> tuple[bytes, list[tuple[str, str]]]:
        """The page and its headers; raises RuntimeError where it is answered otherwise than *expected*."""
        route, _mark, query = path.partition("?")
        said: dict[str, Any] = {}
        written: list[bytes] = []
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self.headers,
            **(headers or {}),
        }

        def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Any:
            said.update(status=int(status[:3]), headers=headers)
            return written.append

        answer = self.application(environ, start)
        page = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        page = b"".join(written) + page
        if said["status"] != expected:
            raise RuntimeError(f"{method} {path}: {said['status']} instead of {expected}: {page[:300]!r}")
        return page, said["headers"]
