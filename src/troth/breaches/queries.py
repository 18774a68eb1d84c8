"""What is read of breaches: one, the register, and what stands near its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from troth.breaches.models import Breach, Documented, Exemption, PeopleLetter, Report, RiskDecision
from troth.breaches.rules import clock, standing
from troth.breaches.rules.words import EXEMPTIONS_OF_PEOPLE, Exempt, Level, Party
from troth.people.models import Staff
from troth.people.queries import within_sight

#: Nearer to its end than this, a breach stands above everything.
NEAR = timedelta(hours=24)


def seen_by(staff: Staff) -> QuerySet[Breach]:
    """The breaches *staff* may see, with their incidents and how their risk is thought of (`level`)."""
    return rows().filter(within_sight(staff, team="incident__team"))


def rows() -> QuerySet[Breach]:
    """All of them, with what a line of the register shows."""
    newest_risk = RiskDecision.objects.filter(breach=OuterRef("pk")).order_by("-pk").values("level")[:1]
    standing_exemptions = Exemption.objects.filter(breach=OuterRef("pk"), taken_back_at=None)
    whole = ~Q(facts="") & ~Q(effects="") & ~Q(action="")
    newest_words = Documented.objects.filter(breach=OuterRef("pk")).order_by("-pk")
    return Breach.objects.select_related("incident", "owner", "incident__team").annotate(
        level=Subquery(newest_risk),
        is_exempt_from_report=Exists(standing_exemptions.filter(sort=Exempt.NO_RISK)),
        is_exempt_from_telling=Exists(standing_exemptions.filter(sort__in=sorted(EXEMPTIONS_OF_PEOPLE))),
        is_documented=Coalesce(
            Subquery(newest_words.annotate(is_whole=ExpressionWrapper(whole, BooleanField())).values("is_whole")[:1]),
            False,
        ),
    )


def facts_of(row: Breach) -> standing.Facts:
    """A row of `rows` as its duties look at it."""
    level: str | None = row.level  # type: ignore[attr-defined]
    return standing.Facts(
        report_by=row.report_by,
        is_processor=row.party == Party.PROCESSOR,
        controller_told_at=row.controller_told_at,
        level=Level(level) if level else None,
        is_exempt_from_report=row.is_exempt_from_report,  # type: ignore[attr-defined]
        is_exempt_from_telling=row.is_exempt_from_telling,  # type: ignore[attr-defined]
        reported_at=row.reported_at,
        follows_by=row.follows_by,
        told_at=row.told_at,
        is_documented=row.is_documented,  # type: ignore[attr-defined]
    )


def watch_of(row: Breach) -> clock.Watch:
    return clock.Watch(
        aware_at=row.aware_at,
        is_answered=row.closed_at is not None or standing.is_answered(facts_of(row)),
        said=row.said,
        follows_by=None if row.closed_at else row.follows_by,
        follow_said=row.follow_said,
    )


def running(staff: Staff) -> list[Breach]:
    """Breaches of which the authority still has to hear, the nearest end first."""
    found = seen_by(staff).filter(closed_at=None).order_by("report_by", "pk")[:20]
    return [row for row in found if not standing.is_answered(facts_of(row)) or row.follows_by]


def next_end(row: Breach) -> datetime:
    """What is to be done next by the clock."""
    if not standing.is_answered(facts_of(row)):
        return row.report_by
    return row.follows_by or row.report_by


def sent_reports(breach: Breach) -> QuerySet[Report]:
    return Report.objects.filter(breach=breach, sent_at__isnull=False).select_related("sent_by").order_by("phase")


def reasons_for_delay(breach: Breach) -> list[str]:
    """Why the first report came late, as it says, and as was said when it turned out to be late; oldest first."""
    said = sent_reports(breach).filter(phase=1).values_list("reason_for_delay", flat=True)
    added = breach.corrections.order_by("pk").values_list("delay", flat=True)
    return [words for words in (*said, *added) if words]


def draft_report(breach: Breach) -> Report | None:
    return Report.objects.filter(breach=breach, sent_at=None).first()


def draft_letter(breach: Breach) -> PeopleLetter | None:
    return PeopleLetter.objects.filter(breach=breach, sent_at=None).first()


def newest_words(breach: Breach) -> Documented | None:
    return Documented.objects.filter(breach=breach).select_related("by").order_by("-pk").first()


def newest_risk(breach: Breach) -> RiskDecision | None:
    return RiskDecision.objects.filter(breach=breach).order_by("-pk").first()
