"""Reading what is published: the head and who signed it, the entries, and their sums. Nothing behind the head is ever given out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Max, Min, QuerySet, Sum

from troth.ledger import queries as ledger
from troth.ledger.models import Seal
from troth.ledger.rules.canonical import envelope_bytes
from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.note import Note, Signature
from troth.record.models import KindOfDay

#: What a witness signs begins with the second in which it looked: eight bytes more than a signature has (tlog-cosignature).
_COSIGNED_BYTES = 8 + 64


@dataclass(frozen=True)
class Head:
    """The newest head of the log, and who signed it."""

    size: int
    root: bytes
    origin: str
    signed_at: datetime
    #: Of the log's own keys.
    signatures: tuple[Signature, ...]
    #: Names of witnesses, and when each says that it looked.
    witnesses: tuple[tuple[str, datetime | None], ...]


def head() -> Head | None:
    """None before the first."""
    newest = ledger.heads(most=1)
    if not newest:
        return None
    [(size, signed_at)] = newest
    note = Note.from_text(ledger.checkpoint(size) or "")
    said = Checkpoint.from_note(note)
    return Head(
        size=size,
        root=said.root,
        origin=said.origin,
        signed_at=signed_at,
        signatures=tuple(one for one in note.signatures if one.name == said.origin),
        witnesses=tuple((one.name, _looked_at(one)) for one in note.signatures if one.name != said.origin),
    )


def _looked_at(signature: Signature) -> datetime | None:
    if len(signature.signed) != _COSIGNED_BYTES:
        return None
    try:
        return datetime.fromtimestamp(int.from_bytes(signature.signed[:8], "big"), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def size() -> int:
    """How many entries stand under the newest head."""
    newest = ledger.heads(most=1)
    return newest[0][0] if newest else 0


# Entries


@dataclass(frozen=True)
class Line:
    """A published entry, as everybody may see it."""

    position: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    commit: bytes
    leaf_hash: bytes

    @property
    def envelope(self) -> bytes:
        return envelope_bytes(
            kind=self.kind, happened_at=self.happened_at, recorded_at=self.recorded_at, commit=self.commit
        )


_LINE = ("position", "entry__kind", "entry__happened_at", "entry__recorded_at", "entry__commit", "entry__leaf_hash")


def line(position: int, *, size: int) -> Line | None:
    """The entry at *position* of the tree of *size*."""
    found = _lines(Seal.objects.filter(position=position, position__lte=size))
    return found[0] if found else None


def lines(*, size: int, kind: str = "", day: date | None = None, older: int | None = None, most: int) -> list[Line]:
    """Entries of the tree of *size*, the newest first: of one *kind*, of one *day*, *older* than the one at that position."""
    rows = Seal.objects.filter(position__lte=size)
    if kind:
        rows = rows.filter(entry__kind=kind)
    if day is not None:
        rows = _on(rows, day, kind=kind)
    elif kind:  # by the index of kinds, which has them in the order they were written: nearly that of their positions
        if older is not None:
            rows = rows.filter(entry_id__lt=Seal.objects.filter(position=older).values("entry_id"))
        return _lines(rows.order_by("-entry_id")[:most])
    if older is not None:
        rows = rows.filter(position__lt=older)
    return _lines(rows.order_by("-position")[:most])


def _on(rows: QuerySet[Seal], day: date, *, kind: str) -> QuerySet[Seal]:
    """Those written down on *day* (UTC). Between which positions they stand was seen when they were counted."""
    counted = KindOfDay.objects.filter(day=day, **({"kind": kind} if kind else {}))
    ends = counted.aggregate(first=Min("first"), last=Max("last"))
    rows = rows.filter(position__gte=ends["first"] or 1, position__lte=ends["last"] or 0)
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    last = begins + (timedelta(days=1) - timedelta.resolution)  # the last day of all has no day after it
    return rows.filter(entry__recorded_at__gte=begins, entry__recorded_at__lte=last)


def _lines(rows: QuerySet[Seal]) -> list[Line]:
    return [
        Line(position, kind, happened_at, recorded_at, bytes(commit), bytes(leaf))
        for position, kind, happened_at, recorded_at, commit, leaf in rows.values_list(*_LINE)
    ]


# Sums


def counted_to() -> int:
    """Up to which position entries are counted."""
    return KindOfDay.objects.order_by("-last").values_list("last", flat=True).first() or 0


def kinds() -> list[tuple[str, int]]:
    """How many entries of each kind there are, the most first."""
    rows = KindOfDay.objects.values("kind").annotate(sum=Sum("entries")).order_by("-sum", "kind")
    return list(rows.values_list("kind", "sum"))


def days(*, older: date | None = None, most: int) -> list[tuple[date, int]]:
    """How many entries each day has that has any, the newest first; days before *older*."""
    rows = KindOfDay.objects.values("day")
    if older is not None:
        rows = rows.filter(day__lt=older)
    return list(rows.annotate(sum=Sum("entries")).order_by("-day").values_list("day", "sum")[:most])
