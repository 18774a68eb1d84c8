"""Whatever happens and in whatever order: told are the members of the frozen cohort, without who was left out, with who came late."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from tests import people_and_things as things

from troth.ledger.replay import of_all as fsck
from troth.notices.actions import cohorts, telling
from troth.notices.actions.following import follow, say_done
from troth.notices.actions.leaving import write_letters
from troth.notices.actions.making import make
from troth.notices.checks import checks
from troth.notices.models import Member, Notice, Recipient, Standing, State
from troth.notices.rules.conditions import Every
from troth.notices.rules.matters import Sent, matters_until
from troth.notices.things import RECIPIENT
from troth.people.models import Customer, Handle
from troth.post import actions as post
from troth.post.models import Letter
from troth.site.verify import answer

SORTS = ("began", "update", "update", "ended", "prevented", "held", "recurred", "remedy")
ENDS = ("sent", "sent", "sent", "refused", "unclear")


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_told_are_exactly_those_who_are_due_it(seed: int) -> None:
    chance, now = random.Random(seed), things.NOW  # noqa: S311 -- no secret
    things.company()
    sam = things.staff()
    people = Customer.objects.bulk_create(Customer(name=f"C{number}", met_at=now) for number in range(16))
    for number, one in enumerate(people):
        for turn in range(chance.choice((0, 1, 1, 2))):
            Handle.objects.create(customer=one, kind="email", address=f"c{number}.{turn}@d{number % 3}.example")
    cohort = cohorts.draft(about="incident:1", conditions=Every(), by=sam, now=now)
    cohorts.add(cohort, customers=[one.pk for one in people[:10]], by=sam, now=now)
    late = people[10:]
    for step in range(70):
        now += timedelta(seconds=chance.choice((1, 20)))
        live = list(Notice.objects.exclude(state__in=("done", "stopped")))
        match chance.randrange(12) if step else 0:
            case 0 | 1 if Notice.objects.count() < 5:
                notice = telling.write(
                    about="incident:1", cohort=cohort, sort=chance.choice(SORTS), texts={"en": ("So", "So.")},
                    happened_at=now, by=sam, now=now, per_domain=chance.choice((0, 0, 60)),
                )  # fmt: skip
                telling.send(notice, by=sam, now=now)
            case 2 if late:
                cohorts.add(cohort, customers=[late.pop().pk], by=sam, now=now)
            case 3:
                with suppress(cohorts.AlreadyTold):
                    cohorts.exclude(chance.choice(list(Member.objects.all())), reason="Not theirs.", by=sam, now=now)
            case 4:
                cohorts.take_back_exclusion(chance.choice(list(Member.objects.all())), by=sam, now=now)
            case 5 if live:
                with suppress(telling.NotNow):
                    chance.choice((telling.pause, telling.resume, telling.resume))(chance.choice(live), by=sam, now=now)
            case 6 if live and step > 20 and chance.random() < 0.5:
                telling.stop(chance.choice(live), by=sam, now=now)
            case 7 | 8:
                end(chance, now)
            case _:
                chance.choice((make, write_letters, follow, say_done))(now=now)
    for notice in Notice.objects.filter(state=State.PAUSED):
        telling.resume(notice, by=sam, now=now)
    for _round in range(40):
        now += timedelta(minutes=1)
        if not make(now=now) + write_letters(now=now) + follow(now=now) + say_done(now=now) + end(chance, now):
            break

    later = now + timedelta(hours=1)
    assert [found for check in checks() for found in answer(check, now=later)] == []
    assert list(fsck(RECIPIENT)) == []
    assert told() == due()
    assert not Recipient.objects.exclude(notice__state="stopped").filter(state__in=("waiting", "queued")).exists()


def end(chance: random.Random, now: object) -> int:
    """Some letters end, some come back."""
    ended = 0
    for letter in Letter.objects.filter(state="queued", leaves_at__lte=now):
        state = chance.choice(ENDS)
        ended += Letter.objects.filter(pk=letter.pk).update(
            state=state, attempts=1, delivered_at=now if state == "sent" else None
        )
        if state == "sent" and chance.random() < 0.2:
            post.mark_bounced(letter_id=letter.pk, arrival="arrival:1", reason="550", now=now)  # type: ignore[arg-type]
    return ended


def told() -> set[tuple[int, int]]:
    rows = Recipient.objects.exclude(notice__state="stopped").exclude(member__standing="excluded")
    return set(rows.values_list("notice_id", "member_id"))


def due() -> set[tuple[int, int]]:
    """By the rule, member by member."""
    sent = {
        one.pk: Sent(pk=one.pk, sort=one.sort, sent_at=one.sent_at, is_stopped=one.state == "stopped")
        for one in Notice.objects.all()
        if one.sent_at
    }
    found = set()
    for pk, notice in sent.items():
        until = matters_until(notice, [other for other in sent.values() if other.pk != pk])
        for member in Member.objects.exclude(standing=Standing.EXCLUDED):
            is_due = member.standing == "in" or member.added_at <= notice.sent_at or until is None
            if not notice.is_stopped and (is_due or member.added_at <= until):
                found.add((pk, member.pk))
    return found
