"""Having the log cosigned: the worker shows its newest head to each witness, and keeps what it signs. Nothing waits for it.

The addresses are the host's own, from the settings, so they may lie in a network of ours; all goes out by the one door.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from troth.hooks import door
from troth.ledger import queries as ledger
from troth.ledger.models import Checkpoint, Cosignature
from troth.ledger.rules.cosigning import Asked
from troth.ledger.rules.note import Note
from troth.ledger.rules.tree import ProofWrong
from troth.record.models import WitnessState
from troth.record.rules.witnesses import EVERY, Heard, Step, Witness, is_due, understood

log = logging.getLogger(__name__)

HEADERS = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "troth"}
#: A witness that names ever other sizes is let be until its next turn.
TRIES_MOST = 3


@dataclass(frozen=True)
class Trouble:
    """A witness that does not cosign."""

    name: str
    since: datetime
    problem: str
    #: It says that our log took something back.
    contradicts: bool


def ask_all(*, now: datetime) -> int:
    """Ask each witness whose turn it is to cosign the newest head; how many did. Safe with several workers, and to repeat."""
    return sum(_ask(one, now=now) for one in _witnesses() if _is_our_turn(one, now=now))


def troubles() -> list[Trouble]:
    """The witnesses that do not cosign, those that contradict us first."""
    ours = {one.key.to_text(): one for one in _witnesses()}
    rows = WitnessState.objects.in_bulk(ours)
    found = []
    for key, witness in ours.items():
        row = rows.get(key)
        since = row and (row.contradicts_since or row.failing_since)
        if row and since:
            found.append(Trouble(witness.key.name, since, row.problem, row.contradicts_since is not None))
    return sorted(found, key=lambda one: (not one.contradicts, one.since))


def _witnesses() -> Sequence[Witness]:
    found: Sequence[Witness] = settings.TROTH_WITNESSES
    return found


def _is_our_turn(witness: Witness, *, now: datetime) -> bool:
    """Whether it is due and no other worker asks it: who moves its next moment on has its turn."""
    key = witness.key.to_text()
    WitnessState.objects.get_or_create(witness=key, defaults={"next_at": now})
    return WitnessState.objects.filter(witness=key, next_at__lte=now).update(next_at=now + EVERY) == 1


def _ask(witness: Witness, *, now: datetime) -> bool:
    newest = Checkpoint.objects.order_by("-size").values_list("size", "note").first()
    state = WitnessState.objects.get(pk=witness.key.to_text())
    if newest is None:
        return False
    size, note = newest
    is_well = state.failing_since is None and state.contradicts_since is None
    if not is_due(size=size, cosigned_size=state.size, cosigned_at=state.cosigned_at, is_well=is_well, now=now):
        return False
    heard = _heard(witness, Note.from_text(note), size=size, old=min(state.size, size))
    if heard.step is Step.CONTRADICTED and _has_grown(size):
        return False  # another worker's newer head was cosigned meanwhile
    _keep(witness, heard, size=size, now=now)
    return heard.step is Step.COSIGNED


def _heard(witness: Witness, note: Note, *, size: int, old: int) -> Heard:
    for _try in range(TRIES_MOST):
        try:
            path = tuple(ledger.consistency(old, size))
        except ProofWrong as error:
            return Heard(Step.FAILED, f"Our own tiles do not lead from {old} to {size} entries. {error}")
        asked = Asked(old, path, note)
        reply = door.ask(witness.asks_at, headers=HEADERS, body=asked.to_text().encode())
        heard = understood(
            reply.status, reply.kind, reply.body, said=reply.said, asked=asked, size=size, key=witness.key
        )
        if heard.step is not Step.AGAIN or heard.old is None:
            return heard
        old = heard.old
    return Heard(Step.FAILED, "It names another size each time.")


def _has_grown(size: int) -> bool:
    return Checkpoint.objects.filter(size__gt=size).exists()


@transaction.atomic
def _keep(witness: Witness, heard: Heard, *, size: int, now: datetime) -> None:
    """What was heard, and the cosignature where one came."""
    rows = WitnessState.objects.filter(pk=witness.key.to_text())
    if heard.step is Step.COSIGNED:
        assert heard.signature
        at = datetime.fromtimestamp(min(heard.at, FAR), UTC)
        Cosignature.objects.get_or_create(
            checkpoint_id=size, witness=witness.key.to_text(), at=at, defaults={"line": heard.signature.to_line()}
        )
        rows.update(size=size, cosigned_at=now, failing_since=None, contradicts_since=None, problem="")
        return
    log.warning("The witness %s does not cosign %d entries: %s", witness.key.name, size, heard.problem)
    if heard.step is Step.CONTRADICTED:
        rows.update(contradicts_since=Coalesce(F("contradicts_since"), Value(now)), problem=heard.problem)
    else:
        rows.update(failing_since=Coalesce(F("failing_since"), Value(now)), problem=heard.problem)


#: The last second that a table can hold.
FAR = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())
