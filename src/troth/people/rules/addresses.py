"""One spelling for one address, so that a handle is found again. Never `parseaddr`: it can be made to lie (CVE-2023-27043)."""

from __future__ import annotations

import unicodedata

from troth.words.addresses import AddressNotSound, sound_address

#: Whoever cannot be told from a message; `.invalid` is never an address (RFC 2606).
NOBODY = "unknown@sender.invalid"


class NotAnAddress(ValueError):
    """A text that is not one plain e-mail address."""


def email_address(text: str) -> str:
    """*text* as a plain address, all in lower case and its domain in ASCII; raises NotAnAddress.

    The local part is formally the receiver's own business (RFC 5321 2.4), yet no provider in use tells case apart,
    and a customer who writes from Ann@ and ann@ is one customer; so is one whose domain is written `bücher` or `xn--bcher-kva`.
    """
    try:
        return sound_address(text.strip()).lower()
    except AddressNotSound as error:
        raise NotAnAddress(f"{text[:80]!r} is not an e-mail address.") from error


def shown_name(text: str) -> str:
    """A name as it may be shown: one line, no control or invisible direction characters, at most 120 characters."""
    kept = "".join(
        " " if character in "\r\n\t" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\r\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )
    return " ".join(kept.split())[:120]
