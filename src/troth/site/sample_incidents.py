"""What went wrong in the sample and was told by letter to those it hit: a supplier is late with rims, and a wrong key was packed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.incidents import actions as incidents
from troth.incidents.models import Incident
from troth.notices.actions import cohorts, following, leaving, making
from troth.notices.models import Cohort
from troth.notices.rules.conditions import Every, OfOrders
from troth.people.models import Handle, Staff
from troth.post import bulk
from troth.post.rules.carrier import Carrier

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Who does something at a moment, put in its order among everything else that happens.
At = Callable[[datetime, Callable[[datetime], None]], None]


def tell(at: At, *, staff: Mapping[str, Staff], handles: Mapping[str, Handle], carrier: Carrier, now: datetime) -> None:
    """Put all of it in its order: one is over, of the other the next word is owed for tomorrow."""
    told: list[tuple[Incident, Cohort]] = []

    def keys(then: datetime) -> None:
        begun = _begin(
            then, staff["tobi"], title=_("Wheelsets left with the wrong spoke key"), sort="quality", product=_("Wheelset"),
            since=3 * DAY, next_word=DAY, case="Spoke key",
        )  # fmt: skip
        whom = cohorts.draft(
            about=begun.ref, conditions=Every(), by=staff["tobi"], now=then, name=_("Who bought a wheelset that week")
        )
        bought = [handles[who].customer_id for who in ("maren", "lise", "owen")]
        cohorts.add(whom, customers=bought, by=staff["tobi"], now=then)
        told.append((begun, whom))
        _tell(
            then, begun, whom, "began", staff["tobi"], next_word=DAY, subject=_("The wrong spoke key came with your wheelset"),
            words=_("We packed a spoke key that is too small, and we are sorry: it was our mistake, and it slips. Please do not"
                    " use it, for it spoils the nipples. The right one is in the post to you, as a gift; you need do nothing."),
        )  # fmt: skip

    def keys_came(then: datetime) -> None:
        begun, whom = told[0]
        _tell(
            then, begun, whom, "ended", staff["tobi"], next_word=None, subject=_("The right spoke key is with you"),
            words=_("Everybody has the right key. We are sorry for the trouble. The two sizes lay in one box; each has its own now."),
        )  # fmt: skip

    def rims(then: datetime) -> None:
        begun = _begin(
            then, staff["sam"], title=_("Touring rims are late"), sort="late", product="Touring rim",
            since=2 * DAY, next_word=27 * HOUR, case="Three weeks for a rim?",
        )  # fmt: skip
        conditions = OfOrders(products=("Touring rim",), stands=("outstanding",))
        whom = cohorts.draft(
            about=begun.ref, conditions=conditions, by=staff["sam"], now=then, name=_("Who waits for a touring rim")
        )
        _tell(
            then, begun, whom, "began", staff["sam"], next_word=27 * HOUR, subject=_("Your touring rim is late"),
            words=_("Your touring rim comes later than we said, and we are sorry: we counted on one supplier, and they have none."
                    " If you ordered one and do not have it, this is about you. We are asking two others today. If you cannot wait,"
                    " answer this letter: we lend you a wheel, or you have your money back."),
        )  # fmt: skip

    def letters(then: datetime) -> None:
        making.make(now=then)
        leaving.write_letters(now=then)
        bulk.sweep(carrier=carrier, clock=lambda: then)
        following.follow(now=then)
        following.say_done(now=then)

    for moment, do in ((now - 26 * DAY, keys), (now - 25 * DAY, keys_came), (now - 50 * MINUTE, rims)):
        at(moment, do)
        at(moment + MINUTE, letters)


def _begin(
    then: datetime, by: Staff, *, title: str, sort: str, product: str, since: timedelta, next_word: timedelta, case: str
) -> Incident:
    return incidents.begin(
        title=title, sort=sort, product=product, cause=sort if sort == "late" else "", happened_at=then - since,
        next_word_at=then + next_word, linked=list(Case.objects.filter(subject=case)), by=by, now=then,
    )  # fmt: skip


def _tell(
    then: datetime, incident: Incident, whom: Cohort, kind: str, by: Staff, *, next_word: timedelta | None, subject: str, words: str
) -> None:  # fmt: skip
    incidents.tell(
        incident, kind=kind, texts={"en": (subject, words)}, cohorts=[whom.pk], happened_at=then - MINUTE,
        next_word_at=then + next_word if next_word else None, in_public=False, untold="", written_by=by, now=then,
    )  # fmt: skip
