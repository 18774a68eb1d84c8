"""Every hostile address is sent to, inside a network of its own where the kernel counts what leaves. Run by `test_packets.py`."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys

from django.conf import settings

SET_UP = """
ip link set lo up
ip addr add 192.0.2.2/32 dev lo
ip addr add 2001:db8::2/128 dev lo nodad
ip route add default dev lo
ip -6 route add default dev lo
nft add table inet t
nft add chain inet t out { type filter hook output priority 0 ; }
nft add rule inet t out meta l4proto tcp ip daddr 1.1.1.1 accept
nft add rule inet t out meta l4proto tcp counter
"""


def counted() -> int:
    said = subprocess.run(["nft", "list", "chain", "inet", "t", "out"], capture_output=True, text=True, check=True)
    return int(re.findall(r"packets (\d+)", said.stdout)[0])


def knock(address: str) -> None:
    """What the door must never do."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as line:
        line.settimeout(0.2)
        try:
            line.connect((address, 443))
        except OSError:
            return


def main() -> None:
    settings.configure(TROTH_HOOKS_ALLOW=frozenset())
    from troth.hooks import door  # the settings must stand first
    from troth.hooks.tests.hostile import HOSTILE
    from troth.hooks.tests.test_address import NOT_PUBLIC

    for line in SET_UP.strip().splitlines():
        subprocess.run(line.split(), check=True)
    door.WHOLE_SECONDS = 0.2
    inside = [address for address in NOT_PUBLIC if "." in address or ":" in address]

    def send(url: str, resolve: door.Resolve) -> None:
        door.post(url, headers={}, body=b"{}", resolve=resolve)

    for url in HOSTILE:
        send(url, door.asked)
        send(url, lambda _host, _port: ["127.0.0.1"])
    for address in inside:
        send("https://good.example.org/", lambda _host, _port, at=address: [at])
        send("https://good.example.org/", lambda _host, _port, at=address: ["1.1.1.1", at])
    turning = iter(["1.1.1.1", "169.254.169.254"] * 20)
    for _time in range(20):
        door.check("https://turning.example.org/", resolve=lambda _host, _port: [next(turning)])
        send("https://turning.example.org/", lambda _host, _port: [next(turning)])
    by_the_door = counted()
    knock("169.254.169.254")
    knock("fd00:ec2::254")
    sys.stdout.write(json.dumps({"by the door": by_the_door, "by two that knock": counted() - by_the_door}))


if __name__ == "__main__":
    main()
