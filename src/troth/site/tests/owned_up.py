"""A story in which a company owns up: of what went wrong it is told who is hurt, that it is over, and that it came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.people_and_things import DAY, HOUR, NOW, company, handle, staff

from troth.breaches import actions as breaches
from troth.breaches import checks as checks_of_breaches
from troth.breaches import watcher as breach_watcher
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.incidents import actions as incidents
from troth.incidents import checks as checks_of_incidents
from troth.incidents import watching
from troth.incidents.models import Incident
from troth.incidents.rules import causes
from troth.notices import checks as checks_of_notices
from troth.notices.actions import cohorts, following, leaving, making, telling
from troth.notices.models import Cohort
from troth.notices.rules.conditions import Every
from troth.people.models import Staff
from troth.post import bulk
from troth.site.tests.living import Taking, work
from troth.status import actions as status
from troth.status import checks as checks_of_status
from troth.status.models import Subscriber
from troth.status.queries import snapshot
from troth.words.findings import Check

MINUTE = timedelta(minutes=1)
#: When the story ends.
END = NOW + 12 * HOUR
FAR = NOW + 60 * DAY
ANGRY = "My oak bench is late again, I am really angry. Where is it?"


def checks() -> Iterator[Check]:
    """The questions of the rooms that only this story lives in."""
    for room in (checks_of_breaches, checks_of_incidents, checks_of_notices, checks_of_status):
        yield from room.checks()


def own_up() -> None:
    """A day in which benches are late, are on their way, are late again; wardrobes were late once; and a list got out."""
    company()
    sam, lea = staff(), staff("lea@parcel.example", role="lead")
    subscribe("dora@example.net")
    work_is_planned(lea)
    watched_still(sam)
    got_out(lea)
    late_twice(sam)
    everything(END)


def everything(now: datetime) -> None:
    """All that the worker would do by *now*."""
    work(now)
    breach_watcher.look_ahead(now=now)
    watching.look(now=now)
    for _round in range(2):
        making.make(now=now)
        leaving.write_letters(now=now)
        while bulk.sweep(carrier=Taking(), clock=lambda: now):
            pass
        following.follow(now=now)
        following.say_done(now=now)
    status.announce(snapshot(now=now), now=now)
    work(now)


def subscribe(address: str) -> None:
    status.ask(address, components=(), places=(), now=NOW - DAY)
    status.confirm(Subscriber.objects.get(address=address), now=NOW - DAY)


def work_is_planned(by: Staff) -> None:
    times: dict[str, Any] = {"from_at": FAR, "until": FAR + HOUR, "by": by}
    planned = status.say(None, title="New tills", words="", now=NOW, **times)
    status.say(planned, title="New tills and scales", words="", now=NOW + MINUTE, **times)


def complaint(name: str, *, at: datetime) -> Case:
    return cases.open_or_join(handle=handle(name), text=ANGRY, subject="My order", at=at, now=at).case


def told(incident: Incident, cohort: Cohort, *, sort: str, by: Staff, now: datetime) -> list[int]:
    texts = {"en": ("Oak benches", "They left late.")}
    said: dict[str, Any] = {"about": incident.ref, "cohort": cohort, "sort": sort, "texts": texts, "happened_at": now}
    return [telling.send(telling.write(**said, by=by, now=now), by=by, now=now).pk]


def late_twice(sam: Staff) -> None:
    """Two are told that their benches are late, and that they are not any more; then it happens again, and is over again."""
    first = complaint("ann@example.net", at=NOW - HOUR)
    incident = incidents.begin(
        title="Oak benches leave late", sort="late", cause="late", product="Oak bench", happened_at=NOW - DAY,
        next_word_at=NOW + 4 * HOUR, linked=[first], by=sam, now=NOW,
    )  # fmt: skip
    cohort = cohorts.draft(about=incident.ref, conditions=Every(), by=sam, now=NOW)
    hurt = [first.customer_id, handle("cyd@example.net", name="Cyd").customer_id]
    cohorts.add(cohort, customers=hurt, by=sam, now=NOW)
    here: dict[str, Any] = {"in_public": True, "by": sam}
    begun = told(incident, cohort, sort="began", by=sam, now=NOW)
    incidents.say(
        incident, kind="began", words="They leave late.", happened_at=NOW, next_word_at=NOW + 4 * HOUR, notices=begun,
        now=NOW, **here,
    )  # fmt: skip
    everything(NOW + 10 * MINUTE)
    over = NOW + HOUR
    ended = told(incident, cohort, sort="ended", by=sam, now=over)
    incidents.end(incident, words="All are on their way.", happened_at=over, notices=ended, now=over, **here)
    watch = incidents.begin_watch(incident, until=FAR, cause="late", product="Oak bench", by=sam, now=over)
    everything(over + 10 * MINUTE)
    again = complaint("eve@example.net", at=NOW + 2 * HOUR)
    incidents.name_case(watch, again, by=sam, now=NOW + 3 * HOUR)
    everything(NOW + 3 * HOUR + MINUTE)
    incident.refresh_from_db()
    over = NOW + 4 * HOUR
    ended = told(incident, cohort, sort="ended", by=sam, now=over)
    incidents.end(incident, words="All are on their way again.", happened_at=over, notices=ended, now=over, **here)
    everything(over + 10 * MINUTE)


def watched_still(sam: Staff) -> None:
    """Over, and watched: why it happened is known, and something is done about it."""
    times: dict[str, Any] = {"happened_at": NOW - DAY, "by": sam, "now": NOW}
    incident = incidents.begin(title="Wardrobes left late", sort="late", next_word_at=NOW + HOUR, **times)
    incidents.end(incident, words="They left.", happened_at=NOW, untold="Nobody was hurt.", by=sam, now=NOW)
    whys = causes.whys(["The van broke down.", "It was not serviced."])
    incidents.find_cause(incident, way="five_whys", plain=whys, words="Nobody looks after vans.", by=sam, now=NOW)
    incidents.take_measure(
        incident, sort="preventive", what="Vans are serviced", due=FAR, audience="public", owner=None, by=sam, now=NOW
    )
    incidents.begin_watch(incident, until=FAR, cause="late", product="Wardrobe", by=sam, now=NOW)


def got_out(lea: Staff) -> None:
    """A list went to a supplier: the authority hears of it, whole and at once, and the risk is high."""
    breach = breaches.begin_with_incident(
        title="A list went astray", happened_at=NOW - DAY, aware_at=NOW, next_word_at=FAR, by=lea, now=NOW
    )
    breaches.decide(breach, level="high", reason="Addresses and birthdays.", by=lea, now=NOW)
    values = {
        "nature": "A list of customers was sent to a supplier.", "people": "Customers", "people_count": 214,
        "records": "Names and addresses", "records_count": 214, "contact": "Kim, privacy@parcel.example",
        "consequences": "Unwanted letters.", "measures": "The list was deleted.", "how": "By the form on its page.",
        "authority": breaches.put_authority(name="Office of the Commissioner", reach="https://authority.example"),
    }  # fmt: skip
    breaches.write_report(breach, values=values, by=lea, now=NOW)
    breaches.send_report(breach, by=lea, now=NOW)
