"""What other rooms may ask about notices: how far each has come, whom something affects, and what a customer was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from troth.cases.models import Case
from troth.notices.models import Member, Notice, Recipient, Standing, Told
from troth.words.refs import number_of


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the telling has come."""

    by_state: dict[str, int]
    #: Members of whom no recipient was made yet.
    unmade: int

    @property
    def of(self) -> int:
        return sum(self.by_state.values()) + self.unmade

    @property
    def told(self) -> int:
        return self.by_state[Told.ACCEPTED] + self.by_state[Told.BY_HAND]

    @property
    def left(self) -> int:
        return self.unmade + self.by_state[Told.WAITING] + self.by_state[Told.QUEUED]


def progress(notice: Notice) -> Progress:
    """How many members stand where; two statements."""
    counted = dict(Recipient.objects.filter(notice=notice).order_by().values_list("state").annotate(Count("id")))
    unmade = Member.objects.filter(cohort_id=notice.cohort_id, pk__gt=notice.made_up_to)
    return Progress(
        by_state={state.value: counted.get(state.value, 0) for state in Told},
        unmade=unmade.exclude(standing=Standing.EXCLUDED).count(),
    )


def told_of(because: Iterable[str]) -> str:
    """What the first notice among these references of letters is about; empty where there is none. Usually no statement."""
    numbers = [number_of(one, "notice") for one in because if one.startswith("notice:")]
    found = dict(Notice.objects.filter(pk__in=numbers).values_list("pk", "about")) if numbers else {}
    return next((found[number] for number in numbers if number in found), "")


#: Over how long the pace is measured.
LATELY = timedelta(minutes=1)


def told_lately(notice: Notice, *, now: datetime) -> int:
    """How many were told within the last minute."""
    return Recipient.objects.filter(notice=notice, told_at__gt=now - LATELY).count()


def answered(notice: Notice) -> int:
    """How many members have written to us about the same thing since they were told."""
    theirs = Case.objects.filter(incident=notice.about, opened_at__gte=notice.sent_at) if notice.sent_at else None
    if theirs is None:
        return 0
    roots = Member.objects.filter(cohort_id=notice.cohort_id).values("customer__root")
    return theirs.filter(customer__root__in=roots).values("customer__root").distinct().count()


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A notice that a customer was sent."""

    notice: Notice
    told_at: datetime | None
    state: str


def for_customer(customer_ids: Iterable[int]) -> list[Saying]:
    """What this person was told, or is being told, under every number of theirs, the newest first."""
    rows = (
        Recipient.objects.filter(member__in=Member.objects.filter(customer__in=list(customer_ids)))
        .select_related("notice")
        .order_by("-notice__sent_at", "-pk")
    )
    return [Saying(notice=row.notice, told_at=row.told_at, state=row.state) for row in rows]


def affected(about: str) -> dict[str, int]:
    """How many this thing affects, and how many of them were told of it at all, by how they stand; over all its cohorts."""
    members = Member.objects.filter(cohort__about=about, cohort__frozen_at__isnull=False)
    by_standing = dict(members.order_by().values_list("standing").annotate(Count("id")))
    told = Recipient.objects.filter(notice__about=about, state__in=(Told.ACCEPTED, Told.BY_HAND))
    return {
        "affected": by_standing.get(Standing.IN, 0) + by_standing.get(Standing.LATE, 0),
        "excluded": by_standing.get(Standing.EXCLUDED, 0),
        "late": by_standing.get(Standing.LATE, 0),
        "told": told.values("member").distinct().count(),
    }
