from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence

import pytest
from pytest_django.fixtures import Settings

from troth.hooks import door
from troth.hooks.rules.address import NotAllowed
from troth.hooks.tests.hostile import HOSTILE
from troth.hooks.tests.receiver import NAME, Receiver, receiving
from troth.hooks.tests.test_address import NOT_PUBLIC

HEADERS = {"webhook-id": "evt_1", "Content-Type": "application/json"}
INSIDE = [address for address in NOT_PUBLIC if "." in address or ":" in address]


def sent(url: str, **values: object) -> door.Answer:
    return door.post(url, headers=HEADERS, body=b'{"a": 1}', **values)  # type: ignore[arg-type]


def resolving(*answers: Sequence[str]) -> tuple[Callable[[str, int], Sequence[str]], list[str]]:
    """A resolver that gives one answer after the other, the last for ever; and the names it was asked for."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


def network(connects: list[object]) -> list[object]:
    return [place for place in connects if isinstance(place, tuple)]


# What must never be reached


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_gets_no_connection_and_no_look_up(url: str, connects: list[object]) -> None:
    resolve, asked = resolving(["127.0.0.1"])

    answer = sent(url, resolve=resolve)
    with pytest.raises(NotAllowed):
        door.check(url, resolve=resolve)

    assert (answer.status, network(connects), asked) == (0, [], [])


@pytest.mark.parametrize("address", INSIDE)
def test_a_good_name_that_leads_inside_gets_no_connection(address: str, connects: list[object]) -> None:
    for addresses in ([address], ["1.1.1.1", address], [address, "1.1.1.1"]):
        answer = sent("https://good.example.org/", resolve=resolving(addresses)[0])

        assert (answer.status, network(connects)) == (0, [])
        assert "not on the public Internet" in answer.said


def test_a_name_that_leads_elsewhere_when_asked_again_gets_no_connection(connects: list[object]) -> None:
    resolve, asked = resolving(["1.1.1.1"], ["127.0.0.1"])

    door.check("https://turning.example.org/", resolve=resolve)
    answer = sent("https://turning.example.org/", resolve=resolve)

    assert (answer.status, network(connects), len(asked)) == (0, [], 2)


def test_the_connection_goes_to_the_address_that_was_looked_at(connects: list[object]) -> None:
    """The tests' own guard stops it at the last step, and tells where it was going."""
    resolve, asked = resolving(["1.1.1.1"], ["127.0.0.1"])

    with pytest.raises(UserWarning, match=r'with host "1\.1\.1\.1"'):
        sent("https://turning.example.org/", resolve=resolve)

    assert len(asked) == 1


def test_the_tests_would_hear_a_connection(plain: Receiver, connects: list[object]) -> None:
    assert sent(plain.url()).status == 200
    assert network(connects) == [("127.0.0.1", plain.port)]


def test_a_redirect_leads_nowhere(plain: Receiver, connects: list[object]) -> None:
    assert sent(plain.url("/moved")).status == 302
    assert len(network(connects)) == len(plain.heard) == 1


def test_proxies_of_the_environment_are_not_asked(
    plain: Receiver, connects: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sent(plain.url()).status == 200

    assert network(connects) == [("127.0.0.1", plain.port)]


def test_only_the_very_port_is_vouched_for(plain: Receiver, settings: Settings, connects: list[object]) -> None:
    settings.TROTH_HOOKS_ALLOW = frozenset({f"127.0.0.1:{plain.port + 1}"})

    assert sent(plain.url()).status == 0
    assert network(connects) == []


# How it speaks


def test_certificate_and_host_are_those_of_the_name(https: Receiver, connects: list[object]) -> None:
    url = https.url("/ok?x=1", host=NAME)

    answer = sent(url, resolve=resolving(["127.0.0.1"])[0])

    assert (answer.status, answer.said, answer.is_good) == (200, "thanks", True)
    [(path, headers, body)] = https.heard
    assert (path, headers["Host"], body) == ("/ok?x=1", f"{NAME}:{https.port}", b'{"a": 1}')
    assert headers["webhook-id"] == "evt_1"
    assert network(connects) == [("127.0.0.1", https.port)]


def test_a_certificate_for_another_name_is_not_believed(https: Receiver, settings: Settings) -> None:
    settings.TROTH_HOOKS_ALLOW |= {f"other.example.org:{https.port}"}

    answer = sent(https.url(host="other.example.org"), resolve=resolving(["127.0.0.1"])[0])

    assert (answer.status, https.heard) == (0, [])
    assert "certificate cannot be believed: Hostname mismatch" in answer.said


def test_a_certificate_nobody_vouches_for_is_not_believed(https: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    answer = sent(https.url())

    assert (answer.status, https.heard) == (0, [])
    assert "certificate cannot be believed" in answer.said


def test_the_second_address_is_tried_when_the_first_is_dead(plain: Receiver, settings: Settings) -> None:
    settings.TROTH_HOOKS_ALLOW |= {f"{NAME}:{plain.port}"}

    answer = sent(plain.url(host=NAME), resolve=resolving(["::1", "127.0.0.1"])[0])

    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/status/500", 500, "said no"),
        ("/status/204", 204, ""),
        ("/cut", 0, "It does not answer as a web server does."),
        ("/garbage", 0, "It does not answer as a web server does."),
    ],
)
def test_every_answer_is_told(plain: Receiver, path: str, status: int, said: str) -> None:
    answer = sent(plain.url(path))

    assert (answer.status, answer.said) == (status, said)


@pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None)])
def test_a_wish_to_be_left_alone_is_heard(plain: Receiver, said: str, seconds: int | None) -> None:
    answer = sent(plain.url(f"/busy/{said}".replace(" ", "%20")))

    assert answer.status == 429
    assert answer.retry_after_seconds == (seconds if "GMT" not in said else None)


def test_nobody_there_is_told(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    settings.TROTH_HOOKS_ALLOW = frozenset({f"127.0.0.1:{port}"})

    assert sent(f"http://127.0.0.1:{port}/").said == "Nothing answers at this address and port."


# How long and how much


@pytest.mark.parametrize("path", ["/mute", "/drip"])
def test_the_whole_takes_no_longer_than_it_may(plain: Receiver, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "WHOLE_SECONDS", 0.5)
    began = time.monotonic()

    answer = sent(plain.url(path))

    assert (answer.status, answer.said[:16]) == (0, "No answer within")
    assert (
        0.4 < time.monotonic() - began < 15
    )  # a byte came every twentieth of a second, so nothing else would have ended it


def test_a_status_counts_also_where_the_rest_never_ends(plain: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "WHOLE_SECONDS", 0.5)

    assert sent(plain.url("/drip_body")).status == 200


def test_no_more_than_a_mebibyte_is_heard(plain: Receiver) -> None:
    answer = sent(plain.url("/flood"))

    assert (answer.status, answer.said) == (200, "x" * door.EXCERPT)
    assert plain.poured < 32 * 1024 * 1024  # what both kernels hold, and no more


def test_a_resolver_that_never_answers_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "WHOLE_SECONDS", 0.3)

    def never(_host: str, _port: int) -> list[str]:
        time.sleep(2)
        return ["1.1.1.1"]

    assert sent("https://example.org/", resolve=never).said.startswith("No answer within")
    with pytest.raises(NotAllowed, match="could not be looked up in time"):
        door.check("https://example.org/", resolve=never)


def test_a_name_nobody_knows_is_told() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert sent("https://example.org/", resolve=unknown).said == "No server named example.org can be found."
