"""The few people and things that tests begin with; everything else each test makes itself."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from troth.ledger import queries as ledger
from troth.ledger.models import Entry
from troth.people.actions import find_or_make_customer
from troth.people.kept import drop_all
from troth.people.models import Calendar, Company, Customer, Handle, Staff, Team
from troth.post import actions as post
from troth.post.models import Letter, LetterState
from troth.promises import actions as promises
from troth.promises.models import Promise, Telling
from troth.words.hours import office

#: A Wednesday, ten in the morning in London and in UTC.
NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Friday, closing time.
FRIDAY = datetime(2026, 11, 13, 17, tzinfo=UTC)


def company() -> Company:
    """Nine to five in London."""
    calendar, _ = Calendar.objects.get_or_create(
        name="Office", defaults={"plain": office("Europe/London", "GB", "ENG").to_plain()}
    )
    found, _ = Company.objects.get_or_create(pk=1, defaults={"name": "Parcel & Co", "calendar": calendar})
    drop_all()  # and not as whoever changes it would: no test's transaction is ever committed
    return found


def staff(email: str = "sam@parcel.example", *, role: str = "agent", team: Team | None = None, **values: Any) -> Staff:
    name = email.partition("@")[0].title()
    return Staff.objects.create_user(email, name=name, role=role, team=team, zone="Europe/London", **values)


def handle(address: str = "ann@example.net", *, name: str = "Ann", zone: str = "") -> Handle:
    found = find_or_make_customer(address=address, name=name, now=NOW)
    if zone:
        Customer.objects.filter(pk=found.customer_id).update(zone=zone)
        found.customer.zone = zone
    return found


def promise(**values: Any) -> Promise:
    """Made now for Friday, to whoever is given."""
    said: dict[str, Any] = {"customer": None, "what": "ring you", "due": FRIDAY, "said_at": NOW, "now": NOW}
    return promises.record(**{**said, **values})


def new_facts(about: str, *, since: int = 0) -> list[tuple[str, dict[str, Any]]]:
    """Kind and own values of the facts about something."""
    told = ledger.facts_about(about)[since:]
    return [
        (kind, {name: value for name, value in values.items() if name not in {"about", "customer", "kind", "v"}})
        for kind, values, _at in told
    ]


def told_of(promise: Promise) -> dict[str, str]:
    """What the ledger must have of the newest words about a promise, in their place."""
    telling = Telling.objects.filter(promise=promise).latest("pk")
    plain = json.dumps({"words": telling.words}, separators=(",", ":"), ensure_ascii=False)
    return {"words_digest": hmac.digest(bytes(telling.words_salt), plain.encode(), "sha256").hex()}


def kinds() -> list[str]:
    """The kinds of all facts there are, oldest first."""
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def letters() -> list[tuple[str, str]]:
    """To whom and with which subject every letter goes."""
    return list(Letter.objects.order_by("pk").values_list("to_address", "subject"))


def text_of(letter: Letter) -> str:
    """What the letter says as plain text."""
    from email import message_from_bytes, policy

    body = message_from_bytes(bytes(letter.raw), policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def delivered(letter: Letter, *, at: datetime) -> None:
    """The letter arrived."""
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.DATA, left_at=at)
    assert post.delivered(letter_id=letter.pk, delivered_at=at, verified=False, now=at)


def refused(letter: Letter, *, at: datetime) -> None:
    """The letter did not arrive and will not."""
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.REFUSED)
