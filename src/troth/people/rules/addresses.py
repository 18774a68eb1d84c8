"""One spelling for one address, so that a handle is found again. Never `parseaddr`: it can be made to lie (CVE-2023-27043)."""

from __future__ import annotations

import re
import unicodedata

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+)*"
_LABEL = r"[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9\u00a1-\uffff\-]{0,61}[A-Za-z0-9\u00a1-\uffff])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")


class NotAnAddress(ValueError):
    """A text that is not one plain e-mail address."""


def email_address(text: str) -> str:
    """*text* as a plain address with its domain in lower case, the local part in lower case too; raises NotAnAddress.

    The local part is formally the receiver's own business (RFC 5321 2.4), yet no provider in use tells case apart,
    and a customer who writes from Ann@ and ann@ is one customer.
    """
    address = unicodedata.normalize("NFC", text.strip())
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise NotAnAddress(f"{text[:80]!r} is not an e-mail address.")
    return address.lower()


def shown_name(text: str) -> str:
    """A name as it may be shown: one line, no control or invisible direction characters, at most 120 characters."""
    kept = "".join(
        " " if character in "\r\n\t" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\r\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )
    return " ".join(kept.split())[:120]
