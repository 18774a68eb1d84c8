"""What the corrections teach: learned, looked at, and switched on by somebody; never by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from troth.cases import reader
from troth.cases.models import Correction, Learned
from troth.cases.rules.corrections import Field
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.reading import learner
from troth.words import facts
from troth.words.refs import ref

#: So many corrections are learned from, the newest: somebody waits meanwhile, four seconds of a processor for each thousand.
LOOKED_AT_MOST = 2_000
#: What the learner calls the fields. What is sought it does not learn.
LEARNED_FIELDS: dict[Field, learner.Field] = {
    Field.EMOTIONS: "emotion",
    Field.KIND: "kind",
    Field.CAUSES: "cause",
    Field.URGENCY: "urgency",
}


class NothingToLearn(ValueError):
    """Nobody has confirmed or corrected anything yet that could be learned from."""


def learn(*, by: Staff, now: datetime) -> Learned:
    """Learn from all corrections that hold, and compare; what was learned is kept, and not used. Raises NothingToLearn.

    Safe to repeat: the same corrections give the same row. Takes up to half a minute, so no row is held meanwhile.
    """
    lessons = list(_lessons())
    if not lessons:
        raise NothingToLearn("Confirm or correct some readings first.")
    found, compared = learner.fit(lessons), learner.compare(lessons)
    with transaction.atomic():
        row, is_new = Learned.objects.get_or_create(
            version=found.version,
            defaults={
                "plain": found.to_plain(),
                "corrections": found.corrections,
                "comparison": _plain(compared),
                "made_at": now,
                "made_by": by,
            },
        )
        if is_new:
            append(
                facts.ReaderLearned(
                    about=ref("learned", row.pk), learned=row.version, corrections=row.corrections, by=by.reference
                ),
                now=now,
            )
    return row


@transaction.atomic
def switch_reader(to: Learned | None, *, by: Staff, now: datetime) -> bool:
    """Read messages from now on with what was learned, or as shipped (None). False if it is so already.

    What was read before is read anew by the worker, but for what staff said.
    """
    rows = {row.pk: row for row in Learned.objects.select_for_update().order_by("pk").defer("plain")}
    before = next((row for row in rows.values() if row.is_on), None)
    if (before.pk if before else None) == (to.pk if to else None):
        return False
    Learned.objects.filter(is_on=True).update(is_on=False)
    if to:
        Learned.objects.filter(pk=to.pk).update(is_on=True)
    changed = to or before
    assert changed is not None  # one of the two differs from the other
    append(
        facts.ReaderSwitched(
            about=ref("learned", changed.pk),
            before=before.version if before else "",
            after=to.version if to else "",
            by=by.reference,
        ),
        now=now,
    )
    reader.forget_learned()
    return True


def _lessons() -> Iterable[learner.Correction]:
    """What staff say of each field they looked at, confirmations too, in the order in which they said it."""
    rows = (
        Correction.objects.filter(until=None, field__in=list(LEARNED_FIELDS))
        .exclude(message__text="")  # of somebody who was forgotten, say
        .order_by("-pk")
        .values_list("field", "said", "message__text")[:LOOKED_AT_MOST]
    )
    for field, said, text in reversed(rows):
        for value in said or ([""] if field == Field.EMOTIONS else []):
            yield learner.Correction(text=text, field=LEARNED_FIELDS[Field(field)], value=value)


def _plain(compared: learner.Comparison) -> dict[str, Any]:
    fields = {name: _plain(one) for name, one in compared.fields.items()}
    plain = {"before": compared.before, "after": compared.after, "n": compared.n}
    return plain | ({"fields": fields} if fields else {})
