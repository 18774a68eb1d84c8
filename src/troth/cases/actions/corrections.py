"""What staff say of a reading: kept for good beside what was read, and the case follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from troth.cases.actions.again import look_again
from troth.cases.actions.state import has_changed, retargeted
from troth.cases.models import Case, Correction, Message
from troth.cases.readings import as_corrected, standing
from troth.cases.rules import kept
from troth.cases.rules.corrections import Field, findings, is_right, shown, sound
from troth.cases.rules.filled import felt, felt_in_all, filled
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref


class NotACustomers(ValueError):
    """Only what customers wrote is read for what they feel and want."""


class CorrectedMeanwhile(ValueError):
    """A colleague said something else of this reading, or it was read anew, since this person looked."""


@transaction.atomic
def correct(
    message_id: int,
    *,
    said: Mapping[Field, Sequence[str]],
    seen: str | None = None,
    drawn: bool = False,
    by: Staff,
    now: datetime,
) -> bool:
    """Keep what *by* says of these fields: what was read is right, or it is something else. False if all of it holds already.

    *seen* is what `standing` named when they looked; None asks for nothing. *drawn*: the message came from the review, at
    random. The case follows where the message filled in its field. Raises CorrectedMeanwhile, NotACustomers, NotAValue.
    """
    message = _locked(message_id)
    read = kept.from_plain(message.reading)
    holding = {Field(row.field): row for row in message.corrections.filter(until=None)}
    wanted = {field: sound(field, values) for field, values in said.items()}
    new = {
        field: values
        for field, values in wanted.items()
        if field not in holding or tuple(holding[field].said) != values
    }
    if not new:
        return False
    if seen not in {None, standing(message, holding.values())}:
        raise CorrectedMeanwhile("Somebody else looked at this meanwhile.")
    for field, values in new.items():
        message.corrections.filter(field=field, until=None).update(until=now)
        Correction.objects.create(
            message=message,
            field=field,
            read=[{"value": found.value, "confidence": found.confidence} for found in findings(read, field)],
            version=read.version,
            said=list(values),
            drawn=drawn,
            staff=by,
            at=now,
            replaces=holding.get(field),
        )
    about = {"about": ref("message", message.pk), "customer": ref("customer", message.case.customer_id)}
    right = [field for field, values in new.items() if is_right(shown(read, field), values)]
    if right:
        append(facts.ReadingConfirmed(fields=" ".join(right), reading=read.version, by=by.reference, **about), now=now)
    for field in [field for field in new if field not in right]:
        append(
            facts.ReadingCorrected(
                field=field,
                before=" ".join(shown(read, field)),
                after=" ".join(new[field]),
                reading=read.version,
                by=by.reference,
                **about,
            ),
            now=now,
        )
    follow(message, by=by, now=now)
    return True


@transaction.atomic
def undo_correction(correction: Correction, *, by: Staff, now: datetime) -> bool:
    """What was said holds no more; what it had replaced holds again. False if it did not hold any more."""
    message = _locked(correction.message_id)
    mine = Correction.objects.filter(pk=correction.pk, until=None)
    if mine.update(until=now, undone_by=by) != 1:
        return False
    if correction.replaces_id:
        Correction.objects.filter(pk=correction.replaces_id).update(until=None)
    field = Field(correction.field)
    append(
        facts.CorrectionUndone(
            about=ref("message", message.pk),
            customer=ref("customer", message.case.customer_id),
            field=field,
            before=" ".join(correction.said),
            after=" ".join(shown(as_corrected(message, message.corrections.filter(until=None)), field)),
            by=by.reference,
        ),
        now=now,
    )
    follow(message, by=by, now=now)
    return True


def follow(message: Message, *, by: Staff | None, now: datetime) -> bool:
    """Let the case stand as its messages read now: kind, cause and urgency by the first, the emotion by all of them.

    A kind or cause that somebody set stays. Where *by* is nobody, the time an answer was announced for stays, too.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("customer").get(pk=message.case_id)
    inbound = list(
        Message.objects.filter(case=case, direction=Message.Direction.INBOUND)
        .order_by("at", "pk")
        .only("pk", "reading", "automatic")
        .prefetch_related("corrections")
    )
    reads = [(one, as_corrected(one, [row for row in one.corrections.all() if row.until is None])) for one in inbound]
    spoken = [read for one, read in reads if not one.automatic] or [read for _one, read in reads]
    _first, opened = min(reads, key=lambda pair: (pair[0].automatic, pair[0].pk))
    fills = filled(opened)
    wanted = {
        "kind": case.kind if case.kind_by_hand else fills.kind,
        "cause": case.cause if case.cause_by_hand else fills.cause,
        "urgency": fills.urgency,
        "emotion": felt_in_all(felt(read) for read in spoken),
    }
    before = {name: getattr(case, name) for name in wanted}
    values: dict[str, Any] = {name: value for name, value in wanted.items() if value != before[name]}
    if not values:
        return False
    beside = [
        (now, has_changed(case, field=name, before=before[name], after=value, by=by)) for name, value in values.items()
    ]
    for name, value in values.items():
        setattr(case, name, value)
    targets = by if {"kind", "urgency"} & values.keys() else None
    values |= retargeted(case, beside=beside, by=targets, now=now)
    Case.objects.filter(pk=case.pk).update(**values)
    if {"kind", "cause"} & values.keys():
        case.kind, case.cause = wanted["kind"], wanted["cause"]
        look_again(case, by=by, now=now)
    return True


def _locked(message_id: int) -> Message:
    """The message, held against whoever else would say something of it; raises NotACustomers."""
    message = Message.objects.select_for_update(of=("self",)).select_related("case").get(pk=message_id)
    if message.direction != Message.Direction.INBOUND:
        raise NotACustomers("Only what a customer wrote can be corrected.")
    return message
