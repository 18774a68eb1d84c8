from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from troth.hooks.rules import message, schedule, turns
from troth.hooks.rules.schedule import SCHEDULE, Why
from troth.hooks.rules.turns import AT_ONCE, AT_ONCE_EACH, TROUBLED_AT_ONCE, Waiting
from troth.ledger.rules.event import Event
from troth.words.facts import kinds

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
SECRETS = [message.written_secret(bytes([number]) * 32) for number in (1, 2)]
EVENT = Event(
    position=31, entry=33, kind="PromiseDoneLate", version=1, about="promise:4", customer="customer:7", happened_at=NOW,
    recorded_at=NOW, fields={"by": "staff:3", "due": "2026-11-10T10:00:00.000000Z"},
)  # fmt: skip


# What is sent


def test_body_never_changes_its_form() -> None:
    assert message.body_of(EVENT) == (
        b'{"type":"promise.done_late","timestamp":"2026-11-11T10:00:00.000000Z","data":{"id":"entry:33","position":31,'
        b'"kind":"PromiseDoneLate","version":1,"about":"promise:4","customer":"customer:7",'
        b'"happened_at":"2026-11-11T10:00:00.000000Z","recorded_at":"2026-11-11T10:00:00.000000Z",'
        b'"fields":{"by":"staff:3","due":"2026-11-10T10:00:00.000000Z"}}}'
    )


def test_every_kind_has_a_type_of_its_own_in_the_letters_of_the_standard() -> None:
    types = [message.type_of(kind) for kind in kinds()]

    assert len(set(types)) == len(types)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz._") and name.count(".") == 1 for name in types)
    assert message.TEST not in types


@pytest.mark.parametrize("used", [SECRETS[:1], SECRETS[1:], SECRETS, SECRETS[::-1]])
def test_a_receiver_accepts_what_any_of_its_secrets_signed(used: list[str]) -> None:
    now = datetime.now(UTC)
    body = message.body_of(EVENT)

    headers = message.headers(secrets=used, message_id="evt_1", body=body, now=now)

    for secret in SECRETS:
        if secret in used:
            assert Webhook(secret).verify(body, headers) == json.loads(body)
        else:
            with pytest.raises(WebhookVerificationError):
                Webhook(secret).verify(body, headers)
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))


@pytest.mark.parametrize("what", ["webhook-id", "webhook-timestamp", "webhook-signature", "body"])
def test_nothing_of_it_can_be_changed_on_the_way(what: str) -> None:
    now = datetime.now(UTC)
    body = message.body_of(EVENT)
    headers = message.headers(secrets=SECRETS, message_id="evt_1", body=body, now=now)

    if what == "body":
        body = body.replace(b"promise:4", b"promise:5")
    else:
        headers[what] = {"webhook-id": "evt_2", "webhook-timestamp": str(int(now.timestamp()) + 1)}.get(
            what, "v1," + "A" * 43 + "="
        )

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[0]).verify(body, headers)


# When


def test_the_schedule_is_that_of_the_standard_and_lasts_three_days() -> None:
    tries = [schedule.next_try_at(attempts, now=NOW, chance=0) for attempts in range(1, 11)]

    assert [at and at - NOW for at in tries] == [*SCHEDULE, None]
    assert timedelta(days=3) < sum(SCHEDULE, timedelta()) < timedelta(days=3.5)


@given(attempts=st.integers(1, 9), chance=st.floats(0, 1))
def test_a_try_comes_up_to_a_fifth_later_and_never_earlier(attempts: int, chance: float) -> None:
    at = schedule.next_try_at(attempts, now=NOW, chance=chance)

    assert at is not None
    assert SCHEDULE[attempts - 1] <= at - NOW <= SCHEDULE[attempts - 1] * 1.2


@pytest.mark.parametrize(
    ("failures", "asked", "seconds"),
    [(1, None, 5), (2, None, 10), (4, None, 40), (7, None, 300), (10_000, None, 300), (1, 90, 90), (1, 2, 5), (9, 999_999, 3600)],
)  # fmt: skip
def test_an_endpoint_that_fails_is_left_alone_for_a_while(failures: int, asked: int | None, seconds: int) -> None:
    assert schedule.rest(failures, asked_seconds=asked) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "days", "why"),
    [(500, 0, None), (500, 2.99, None), (500, 3, Why.FAILING), (0, 9, Why.FAILING), (410, 0, Why.GONE), (404, 0, None)],
)
def test_an_endpoint_is_switched_off_when_it_is_gone_or_took_nothing_for_three_days(
    status: int, days: float, why: Why | None
) -> None:
    assert schedule.switch_off(status=status, failing_since=NOW - timedelta(days=days), now=NOW) == why


# Whose turn


def shares(*waiting: Waiting, under_way: dict[int, int] | None = None, troubled: int = 0) -> dict[int, int]:
    return turns.turns(waiting, under_way=under_way or {}, troubled_under_way=troubled)


def test_one_alone_gets_its_own_places_and_no_more() -> None:
    assert shares(Waiting(1, False)) == {1: AT_ONCE_EACH}
    assert shares(Waiting(1, False), under_way={1: 3}) == {1: 1}
    assert shares(Waiting(1, False), under_way={1: 4}) == {}


def test_everybody_gets_one_before_anybody_gets_two() -> None:
    many = [Waiting(number, False) for number in range(AT_ONCE)]

    assert shares(*many) == dict.fromkeys(range(AT_ONCE), 1)


def test_troubled_ones_never_take_more_than_half() -> None:
    many = [Waiting(number, True) for number in range(100)]

    assert sum(shares(*many).values()) == TROUBLED_AT_ONCE
    assert shares(*many, Waiting(100, False))[100] == AT_ONCE_EACH
    assert shares(Waiting(1, True), under_way={9: 1}, troubled=TROUBLED_AT_ONCE) == {}


@given(
    waiting=st.lists(st.builds(Waiting, st.integers(0, 40), st.booleans()), max_size=40, unique_by=lambda one: one.endpoint),
    under_way=st.dictionaries(st.integers(0, 40), st.integers(1, AT_ONCE_EACH), max_size=4),
)  # fmt: skip
def test_bounds_hold_whoever_waits(waiting: list[Waiting], under_way: dict[int, int]) -> None:
    given_out = turns.turns(waiting, under_way=under_way, troubled_under_way=0)

    together = Counter(under_way) + Counter(given_out)
    assert sum(together.values()) <= AT_ONCE
    assert all(count <= AT_ONCE_EACH for count in together.values())
    assert set(given_out) <= {one.endpoint for one in waiting}
    if sum(together.values()) < AT_ONCE:  # no place stays empty that a sound one could use
        assert all(together[one.endpoint] == AT_ONCE_EACH for one in waiting if not one.is_troubled)
