"""One spelling for one address, so that a handle is found again. Never `parseaddr`: it can be made to lie (CVE-2023-27043)."""

from __future__ import annotations

import re
import unicodedata

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.(?!\d+$){_LABEL}")


class NotAnAddress(ValueError):
    """A text that is not one plain e-mail address."""


def email_address(text: str) -> str:
    """*text* as a plain address, all in lower case and its domain in ASCII; raises NotAnAddress.

    The local part is formally the receiver's own business (RFC 5321 2.4), yet no provider in use tells case apart,
    and a customer who writes from Ann@ and ann@ is one customer; so is one whose domain is written `bücher` or `xn--bcher-kva`.
    """
    local, _, domain = text.strip().rpartition("@")
    domain = _in_ascii(domain)
    address = f"{local.lower()}@{domain}"
    sound = local.isascii() and len(local) <= 64 and len(address) <= 254
    if not (sound and _LOCAL.fullmatch(local.lower()) and _DOMAIN.fullmatch(domain)):
        raise NotAnAddress(f"{text[:80]!r} is not an e-mail address.")
    return address


def _in_ascii(domain: str) -> str:
    """The domain as name servers know it, "" where it is none; IDNA also folds look-alike signs, so those are refused first."""
    if domain.isascii() or len(domain) > 254:
        return domain.lower()
    if not all(character in ".-" or unicodedata.category(character)[0] in "LMN" for character in domain):
        return ""
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def shown_name(text: str) -> str:
    """A name as it may be shown: one line, no control or invisible direction characters, at most 120 characters."""
    kept = "".join(
        " " if character in "\r\n\t" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\r\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )
    return " ".join(kept.split())[:120]
