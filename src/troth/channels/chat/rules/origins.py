"""Origins as browsers write them (RFC 6454, section 6.2): a scheme, a host, and a port where it is not the usual one."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: A site has a few; so many are a mistake.
ORIGINS_MAX = 20
_ORIGIN = re.compile(
    r"(https?)://((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::([0-9]{1,5}))?/?"
)
_USUAL = {"https": "443", "http": "80"}
_THIS_MACHINE = {"localhost", "127.0.0.1"}


class NotAnOrigin(ValueError):
    """A text that is not the address of one site, without a path; `text` says which."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:80]!r} is not the address of a site.")
        self.text = text


def origin(text: str) -> str:
    """*text* as a browser would write it in the header; raises NotAnOrigin.

    No wildcard and no path: an entry is one site. Without TLS only this machine itself, to try it out: whoever sits between the
    visitor and such a page could change it, and with it the chat.
    """
    found = _ORIGIN.fullmatch(text.strip().lower())
    if found is None:
        raise NotAnOrigin(text)
    scheme, host, port = found.groups()
    if (scheme == "http" and host not in _THIS_MACHINE) or (port and int(port) > 65535) or port == "0":
        raise NotAnOrigin(text)
    return f"{scheme}://{host}" + (f":{int(port)}" if port and port != _USUAL[scheme] else "")


def origins(lines: Iterable[str]) -> list[str]:
    """Each once, in their order; empty lines are none. Raises NotAnOrigin."""
    return list(dict.fromkeys(origin(line) for line in lines if line.strip()))
