"""Which addresses may be sent to: public ones, by HTTPS, at the usual ports. Pure; what a name resolves to is asked elsewhere.

An address is read more strictly than any standard asks, because every second reader reads the unusual forms in another way, and
what one calls a strange public name the next calls localhost. Whoever writes plainly notices nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

LONGEST = 2000
#: Ports of HTTPS, and those no well-known service of another kind listens on.
USUAL_PORT, FREE_PORTS_FROM = 443, 1024

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)"
    r"(:(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(\?(?P<query>[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*))?",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
#: What ends like a number is read as one by some: `127.1`, `0x7f000001`, `017700000001`, `2130706433`.
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
#: Names that never leave a house: RFC 6761, 6762, 8375, and what is in use though nobody gave it.
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "localdomain")

_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a carrier
            "127.0.0.0/8",
            "169.254.0.0/16",  # this link, and where clouds keep what their machines may know
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
#: All that was ever given out to the public ...
_PUBLIC_6 = IPv6Network("2000::/3")
#: ... without what carries an IPv4 address inside, or is for protocols and for books. Mapped and NAT64 addresses lie outside.
_NOT_PUBLIC_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class NotAllowed(ValueError):
    """Nothing is sent there; the sentence says why, and what would do."""


@dataclass(frozen=True)
class Target:
    """Where a request goes."""

    is_https: bool
    host: str
    port: int
    #: Path and query.
    path: str
    #: The host of this installation named it: it may lie in a network of ours.
    is_vouched_for: bool = False

    @property
    def authority(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_https else 80) else f"{name}:{self.port}"


def target(url: str, *, vouched_for: frozenset[str] = frozenset()) -> Target:
    """Where *url* leads; *vouched_for* are `host:port` pairs in networks of ours. Raises NotAllowed."""
    found, in_brackets = _read(url)
    if pair(found.host, found.port) in vouched_for:
        return replace(found, is_vouched_for=True)
    if not found.is_https:
        raise NotAllowed("Only addresses that begin with https:// can be sent to.")
    if found.port > 65535 or (found.port != USUAL_PORT and found.port < FREE_PORTS_FROM):
        raise NotAllowed(f"Port {found.port} is not for HTTPS: leave it out, or use one from {FREE_PORTS_FROM} on.")
    _check_host(found.host, in_brackets=in_brackets)
    return found


def vouched(url: str) -> Target:
    """Where *url* leads, which the host of this installation wrote down: any place at all. Raises NotAllowed where it is unclear."""
    found, _in_brackets = _read(url)
    if found.port > 65535:
        raise NotAllowed(f"There is no port {found.port}.")
    return replace(found, is_vouched_for=True)


def _read(url: str) -> tuple[Target, bool]:
    """The parts of *url*, and whether its host stands in brackets."""
    if len(url) > LONGEST:
        raise NotAllowed("The address is too long.")
    found = _URL.fullmatch(url)
    if found is None:
        raise NotAllowed(
            "Write a plain address such as https://example.org/troth: no name and password in it, no #part, and other letters "
            "than a to z in their ASCII form (xn--…, %C3%A9)."
        )
    is_https = found["scheme"].lower() == "https"
    host = found["host"].lower().strip("[]")
    port = int(found["port"] or (443 if is_https else 80))
    path = (found["path"] or "/") + (f"?{found['query']}" if found["query"] is not None else "")
    return Target(is_https, host, port, path), found["host"].startswith("[")


def pair(host: str, port: int) -> str:
    """How the host of the installation names a place: `host:port`, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_addresses(host: str, addresses: Sequence[str]) -> None:
    """Every address a name has must be public, else one of them would be tried some day. Raises NotAllowed."""
    if not addresses:
        raise NotAllowed(f"No server named {host} can be found.")
    for address in addresses:
        if not is_public(address):
            raise NotAllowed(f"{host} lies at {address}, which is not on the public Internet.")


def is_public(address: str) -> bool:
    """Whether *address*, a number, is anywhere on the public Internet and nowhere else."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not any(found in network for network in _NOT_PUBLIC_4)
    return (
        found.is_global
        and found in _PUBLIC_6
        and found.scope_id is None
        and not any(found in network for network in _NOT_PUBLIC_6)
    )


def _check_host(host: str, *, in_brackets: bool) -> None:
    if in_brackets:
        try:
            IPv6Address(host)
        except ValueError as error:
            raise NotAllowed(f"[{host}] is no address.") from error
        return check_addresses(host, [host])
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            IPv4Address(host)
        except ValueError as error:
            raise NotAllowed(f"{host} is no address: write four numbers from 0 to 255.") from error
        return check_addresses(host, [host])
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAllowed(f"{host} is no name of a server.")
    if len(labels) == 1 or any(host == name or host.endswith(f".{name}") for name in _INSIDE):
        raise NotAllowed(f"{host} is a name inside a network, not on the public Internet.")
    return None
