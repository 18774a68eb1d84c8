"""Which text is an address we will write to. Our own strict reading: a parser's kindness is an attacker's tool.

`alice@example.org)bob@example.com` is read as alice by some parsers (CVE-2023-27043); here it is no address at all.
"""

from __future__ import annotations

import re
import unicodedata

# RFC 5322 dot-atom; quoted local parts and address literals exist on paper only and are refused.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\Z")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")


class AddressNotSound(ValueError):
    """This is not an address a letter can be sent to."""


def sound_address(text: str) -> str:
    """The address as it goes into a letter: its domain in lower case and ASCII. Raises AddressNotSound."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > 254:
        raise AddressNotSound("An address is a name, an @ and a domain.")
    # `=?` begins an encoded word, which the library that writes our headers would decode (RFC 2047).
    if len(local) > 64 or "=?" in local or not _LOCAL.match(local):
        raise AddressNotSound("The part before the @ holds something that no mail server takes.")
    try:
        ascii_domain = _in_ascii(domain)
    except UnicodeError as error:
        raise AddressNotSound("The part after the @ is not a domain.") from error
    labels = ascii_domain.split(".")
    if len(ascii_domain) > 253 or len(labels) < 2 or not all(_LABEL.match(label) for label in labels):
        raise AddressNotSound("The part after the @ is not a domain.")
    if labels[-1].isdigit():
        raise AddressNotSound("The part after the @ is not a domain.")
    return f"{local}@{ascii_domain}"


def _in_ascii(domain: str) -> str:
    """The domain as name servers know it, "" where it is none; IDNA also folds look-alike signs, so those are refused first.

    Only a domain with other letters needs the encoder, which is slow on long input; 254 characters at most get here.
    """
    if domain.isascii():
        return domain.lower()
    if not all(character in ".-" or unicodedata.category(character)[0] in "LMN" for character in domain):
        return ""
    return domain.encode("idna").decode("ascii").lower()


def is_sound(text: str) -> bool:
    try:
        sound_address(text)
    except AddressNotSound:
        return False
    return True


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox to us: both sound, and equal without regard to case."""
    return is_sound(one) and is_sound(other) and sound_address(one).lower() == sound_address(other).lower()


def plus_address(address: str, token: str) -> str:
    """`support@example.org` and `abc` make `support+abc@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}" if token else address


def plus_token(address: str, base: str) -> str:
    """The token in an address of ours, or nothing when it is not one."""
    local, _, domain = address.lower().rpartition("@")
    base_local, _, base_domain = base.lower().rpartition("@")
    if domain != base_domain or not local.startswith(f"{base_local}+"):
        return ""
    return local[len(base_local) + 1 :]
