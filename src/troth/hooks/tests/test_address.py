from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.hooks.rules.address import NotAllowed, Target, check_addresses, is_public, target, vouched
from troth.hooks.tests.hostile import HOSTILE

GOOD = {
    "https://example.org": Target(True, "example.org", 443, "/"),
    "HTTPS://Example.ORG/Hook": Target(True, "example.org", 443, "/Hook"),
    "https://example.org:8443/a/b?c=d&e=%20": Target(True, "example.org", 8443, "/a/b?c=d&e=%20"),
    "https://xn--bcher-kva.example.org/": Target(True, "xn--bcher-kva.example.org", 443, "/"),
    "https://8.8.8.8/": Target(True, "8.8.8.8", 443, "/"),
    "https://[2606:4700::1111]:1024/?x": Target(True, "2606:4700::1111", 1024, "/?x"),
    "https://10.example.org/": Target(True, "10.example.org", 443, "/"),
    "https://localhost.example.org/": Target(True, "localhost.example.org", 443, "/"),
}
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.1.1",
    "172.32.1.1",
    "2606:4700::1111",
    "2a00:1450::1",
]
NOT_PUBLIC = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1",  # noqa: S104 - asked about, not bound
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1",
    "", "localhost", "2130706433", "127.1", "0x7f.1", "0177.0.0.1", "1.1.1.1/32", " 1.1.1.1",
]  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_a_plain_address_is_read(url: str) -> None:
    assert target(url) == GOOD[url]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(NotAllowed):
        target(url)


def test_there_are_enough_hostile_addresses() -> None:
    assert len(HOSTILE) >= 60
    assert len(set(HOSTILE)) == len(HOSTILE)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_sent_to(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_all_others_may_not(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(NotAllowed, match="not on the public Internet"):
        check_addresses("example.org", ["1.1.1.1", address])


@given(st.ip_addresses())
def test_nothing_is_public_that_the_world_calls_otherwise(address: object) -> None:
    if is_public(str(address)):
        assert ip_address(str(address)).is_global


@given(st.text(max_size=60) | st.from_regex(r"https?://[0-9a-fx.:\[\]@%/\\#?-]{1,40}", fullmatch=True))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    try:
        found = target(text)
    except NotAllowed:
        return
    assert found.is_https
    assert found.host == found.host.strip().lower()


def test_what_the_host_vouched_for_may_lie_inside_and_speak_plainly() -> None:
    ours = frozenset({"127.0.0.1:9000", "intranet:80", "[::1]:9000"})

    assert target("http://127.0.0.1:9000/x", vouched_for=ours) == Target(False, "127.0.0.1", 9000, "/x", True)
    assert target("http://intranet", vouched_for=ours) == Target(False, "intranet", 80, "/", True)
    assert target("https://[::1]:9000", vouched_for=ours) == Target(True, "::1", 9000, "/", True)
    for url in ("http://127.0.0.1:9001/x", "https://intranet", "http://user@intranet", "http://127.0.0.1:9000#x"):
        with pytest.raises(NotAllowed):
            target(url, vouched_for=ours)


def test_a_name_without_an_address_is_told() -> None:
    with pytest.raises(NotAllowed, match=r"No server named example\.org can be found"):
        check_addresses("example.org", [])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (Target(True, "example.org", 443, "/"), "example.org"),
        (Target(True, "example.org", 8443, "/"), "example.org:8443"),
        (Target(False, "::1", 80, "/"), "[::1]"),
        (Target(False, "::1", 443, "/"), "[::1]:443"),
    ],
)
def test_the_host_header_names_a_port_only_where_it_is_unusual(where: Target, said: str) -> None:
    assert where.authority == said


def test_what_the_host_wrote_down_may_lie_anywhere_and_must_be_clear() -> None:
    found = vouched("http://10.0.0.7:8470/log/add-checkpoint")

    assert (found.is_https, found.host, found.port, found.path) == (False, "10.0.0.7", 8470, "/log/add-checkpoint")
    assert found.is_vouched_for
    for unclear in (
        "ftp://a.example/",
        "https://ann:secret@a.example/",
        "https://a.example/#b",
        "https://a.example:99999/",
    ):
        with pytest.raises(NotAllowed):
            vouched(unclear)
