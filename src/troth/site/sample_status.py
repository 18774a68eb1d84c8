"""What stands on the sample's public page: two components, a place, what went wrong and what is planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from troth.incidents import actions as incidents
from troth.incidents.models import Incident
from troth.people.models import Staff
from troth.status import actions as status
from troth.status.models import Component, Place

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Who does something at a moment, put in its order among everything else that happens.
At = Callable[[datetime, Callable[[datetime], None]], None]


def tell(at: At, *, staff: Mapping[str, Staff], now: datetime) -> None:
    """Put all of it in its order. What is long over is over; one thing still goes on."""
    ines = staff["ines"]
    at(now - 80 * DAY, lambda then: _arrange(ines, then))
    _past(
        at, ines, begins=now - 44 * DAY, title=_("The web shop does not open"), component=_("Web shop"), severity="critical",
        said=_("The web shop does not open; nothing that was ordered is lost. We are bringing it back. Until then, ring us."),
        over=_("The web shop is open again since half an hour. A certificate had run out; it renews itself from now on."),
        after=3 * HOUR,
    )  # fmt: skip
    _past(
        at, ines, begins=now - 9 * DAY, title=_("Repairs take two days longer"), component=_("Workshop"), severity="minor",
        said=_("Two of our mechanics are ill, so repairs take two days longer than we told you. We ring everyone it concerns."),
        over=_("Everybody is back at the bench, and every repair has its old date again."), after=2 * DAY,
    )  # fmt: skip
    at(now - 5 * HOUR, lambda then: _going_on(ines, then))
    at(now - 30 * HOUR, lambda then: _plan(ines, then, begins=now + 3 * DAY))


def _arrange(by: Staff, then: datetime) -> None:
    words = [
        (_("Web shop"), _("Looking, ordering, paying")),
        (_("Workshop"), _("Repairs, and their dates")),
    ]
    for name, description in words:
        status.name(Component, None, name=name, description=description, by=by, now=then)
    status.name(Place, None, name="York", by=by, now=then)


def _past(
    at: At,
    by: Staff,
    *,
    begins: datetime,
    title: str,
    component: str,
    severity: str,
    said: str,
    over: str,
    after: timedelta,
) -> None:
    """What began, was said an hour later, and was told to be over."""
    made: list[Incident] = []

    def begin(then: datetime) -> None:
        made.append(
            incidents.begin(
                title=title, sort="outage", severity=severity, components=[component], happened_at=then,
                next_word_at=then + after + 6 * HOUR, by=by, now=then,
            )
        )  # fmt: skip

    def say(then: datetime) -> None:
        incidents.say(
            made[0], kind="began", words=said, happened_at=begins, next_word_at=begins + after + 6 * HOUR,
            in_public=True, by=by, now=then,
        )  # fmt: skip

    def end(then: datetime) -> None:
        incidents.end(made[0], words=over, happened_at=then - HOUR / 2, in_public=True, by=by, now=then)

    at(begins, begin)
    at(begins + HOUR, say)
    at(begins + after, end)


def _going_on(by: Staff, then: datetime) -> None:
    begun = incidents.begin(
        title=_("No deliveries in York"), sort="late", severity="major", components=[_("Web shop")], place="York",
        happened_at=then - HOUR, next_word_at=then + 29 * HOUR, by=by, now=then,
    )  # fmt: skip
    incidents.say(
        begun, kind="began", happened_at=then - HOUR, next_word_at=then + 29 * HOUR, in_public=True, by=by, now=then,
        words=_(
            "Our van in York stands still, so nothing is delivered there today. That is our fault: it was"
            " overdue at the garage. We are hiring another. You may fetch your order from the shop until it is there."
        ),
    )  # fmt: skip


def _plan(by: Staff, then: datetime, *, begins: datetime) -> None:
    work = status.say(
        None, title=_("A new till in York"), words=_("The shop in York takes cash alone for two hours."),
        from_at=begins, until=begins + 2 * HOUR, places=_york(), by=by, now=then,
    )  # fmt: skip
    status.say(
        work, title=_("A new till in York"), words=_("The shop in York takes cash alone for three hours; it opens as always."),
        from_at=begins, until=begins + 3 * HOUR, places=_york(), by=by, now=then + HOUR,
    )  # fmt: skip


def _york() -> list[int]:
    return list(Place.objects.filter(name="York").values_list("pk", flat=True))
