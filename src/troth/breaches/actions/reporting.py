"""What the authority is told: written while facts come in, sent in phases, and never changed then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth.breaches.actions.rows import locked, put, tidy, who, words_digest
from troth.breaches.models import Authority, Breach, Report
from troth.breaches.rules import contents
from troth.breaches.rules.contents import CAN_FOLLOW, NUMBERS, Field, Lack
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.rules.words import fresh_salt
from troth.words import facts
from troth.words.refs import ref

#: The largest number that fits in its column.
COUNT_MOST = 2_000_000_000


class Incomplete(ValueError):
    """It cannot be sent; *missing* says what is."""

    def __init__(self, missing: list[Field | Lack]) -> None:
        super().__init__(_("The report is not complete: %(what)s.") % {"what": ", ".join(missing)})
        self.missing = missing


class NothingToReport(ValueError):
    """There is no report to send, or to note a number for."""


@transaction.atomic
def write_report(breach: Breach, *, values: Mapping[str, Any], by: Staff | None, now: datetime) -> Report:
    """Keep the report as far as it is written; what *values* does not name stays. The next phase begins as the last one ended."""
    row = locked(breach)
    draft = row.reports.filter(sent_at=None).first() or _next_phase(row, by=by, now=now)
    for name, value in values.items():
        setattr(draft, name, _kept(name, value))
    draft.written_by, draft.written_at = by, now
    draft.save()
    return draft


_TEXTS = frozenset({*(set(Field) - NUMBERS), "reason_for_delay", "how"})


def _kept(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return tidy(value)
    if name in NUMBERS:
        return value if value is None else max(0, min(int(value), COUNT_MOST))
    if name == "to_follow":
        return sorted(set(value) & CAN_FOLLOW)
    if name in {"follows_by", "authority", "authority_id"}:
        return value
    raise TypeError(f"{name} is nothing a report says.")


def _next_phase(breach: Breach, *, by: Staff | None, now: datetime) -> Report:
    last = breach.reports.order_by("-phase").first()
    fresh = Report(breach=breach, phase=1, written_by=by, written_at=now)
    if last:
        fresh.phase, fresh.authority, fresh.how = last.phase + 1, last.authority, last.how
        for field in Field:
            setattr(fresh, field, getattr(last, field))
        fresh.to_follow = list(last.to_follow)
    return fresh


def draft_of(report: Report) -> contents.Draft:
    """The report as the rules look at it."""
    return contents.Draft(
        phase=report.phase,
        values={field: getattr(report, field) for field in Field},
        to_follow=report.to_follow,
        follows_by=report.follows_by,
        reason_for_delay=report.reason_for_delay,
        has_authority=report.authority_id is not None,
        how=report.how,
    )


@transaction.atomic
def send_report(breach: Breach, *, by: Staff | None, now: datetime, sent_at: datetime | None = None) -> Report:
    """It was handed to the authority at *sent_at*, now where it is not said, and stays as it is.

    What is to follow has a date then, of which we are warned. Raises NothingToReport, Incomplete, and ValueError where it
    would have left before we knew, or in the future.
    """
    row, at = locked(breach), sent_at or now
    draft = row.reports.filter(sent_at=None).select_related("authority").first()
    if draft is None:
        raise NothingToReport(_("There is no report to send: write it first."))
    if not row.aware_at <= at <= now:
        raise ValueError(_("It left after we knew of the breach, and before now."))
    if lacks := contents.missing(draft_of(draft), aware_at=row.aware_at, now=at):
        raise Incomplete(lacks)
    assert draft.authority is not None
    draft.sent_by, draft.sent_at, draft.sent_to, draft.salt = by, at, draft.authority.name, fresh_salt()
    if not draft.to_follow:
        draft.follows_by = None
    draft.save()
    fact = facts.AuthorityReported(
        about=row.ref, report=ref("report", draft.pk), phase=draft.phase, to_follow=len(draft.to_follow),
        in_time=draft.phase > 1 or at <= row.report_by, follows_by=draft.follows_by,
        words_digest=report_digest(draft), by=who(by),
    )  # fmt: skip
    append(fact, now=now, happened_at=at)
    put(breach, reported_at=row.reported_at or at, follows_by=draft.follows_by, follow_said=0)
    return draft


def report_digest(report: Report) -> str:
    """Of everything a sent report says."""
    said: dict[str, Any] = {field: getattr(report, field) for field in Field}
    said |= {"to_follow": report.to_follow, "reason_for_delay": report.reason_for_delay, "how": report.how}
    words = {name: value if isinstance(value, str) else json.dumps(value) for name, value in said.items()}
    return words_digest(bytes(report.salt), sent_to=report.sent_to, **words)


@transaction.atomic
def acknowledge(report: Report, *, receipt: str, by: Staff, now: datetime) -> bool:
    """The authority took it under this number; False where a number is noted already. Raises NothingToReport."""
    if not tidy(receipt):
        raise NothingToReport(_("Write the number that the authority gave it."))
    waits = Report.objects.filter(pk=report.pk, sent_at__isnull=False, receipt="")
    if waits.update(receipt=tidy(receipt)[:200]) != 1:
        return False
    append(facts.AuthorityAcknowledged(about=report.breach.ref, report=ref("report", report.pk), by=who(by)), now=now)
    return True


def put_authority(*, name: str, reach: str, pk: int | None = None, is_retired: bool = False) -> Authority:
    """A page of the address book, new or changed. Reports keep the name they were sent to."""
    values = {"name": " ".join(tidy(name).split()), "reach": tidy(reach), "is_retired": is_retired}
    if pk is None:
        return Authority.objects.create(**values)
    Authority.objects.filter(pk=pk).update(**values)
    return Authority.objects.get(pk=pk)
