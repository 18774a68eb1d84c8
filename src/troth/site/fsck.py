"""`troth fsck`: the ledger recomputed from its first entry to its last head, and every table it tells of replayed from it.

It only reads, and may run beside a working system: everything is of one moment, and what is kept outside the database was read
before it. Nothing grows with the ledger but the time it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.breaches import things as breaches
from troth.cases import things as cases
from troth.channels.email import things as email
from troth.clocks import things as clocks
from troth.inbox import things as inbox
from troth.incidents import things as incidents
from troth.ledger import fsck as ledger
from troth.ledger import replay
from troth.ledger.fsck import Entry
from troth.ledger.replay import Disagrees, Thing, batches
from troth.ledger.rules.replay import Difference, shown
from troth.ledger.tree_checks import Outside
from troth.notices import cohort_things as cohorts
from troth.notices import things as notices
from troth.orders import things as orders
from troth.people import things as people
from troth.people.models import Customer
from troth.post import things as post
from troth.promises import things as promises
from troth.remedies import things as remedies
from troth.site.verify import one_picture
from troth.status import things as status
from troth.words.findings import CHANGED, Divergence
from troth.words.refs import ref

#: Every table that the ledger tells of.
THINGS: tuple[Thing, ...] = (
    *people.THINGS, *post.THINGS, *promises.THINGS, *orders.THINGS, *remedies.THINGS, *clocks.THINGS, *cases.THINGS,
    *incidents.THINGS, *breaches.THINGS, *status.THINGS, *inbox.THINGS, *email.THINGS, *notices.THINGS, *cohorts.THINGS,
)  # fmt: skip
SHOWN_MOST = 20

#: Hears what was looked at: "entry" or the word of a thing, and how many more of them.
Progress = Callable[[str, int], object]


@dataclass
class Report:
    """What was found, and how much was looked at."""

    #: The first of what diverges: places in their order, then what has none.
    divergences: list[Divergence] = field(default_factory=list)
    #: How much diverges in all.
    count: int = 0
    #: How many entries, and how many rows of the tables beside them.
    entries: int = 0
    rows: int = 0
    #: The size and the root of the tree, as text.
    head: str = ""

    def add(self, found: Divergence) -> None:
        self.count += 1
        self.divergences.append(found)
        self.divergences.sort(key=lambda one: (one.position is None, one.position or 0))
        del self.divergences[SHOWN_MOST:]


def look(*, after: int = 0, most: int = 0, progress: Progress = lambda word, count: None) -> Report:
    """Look at everything; with *after*, at what stands behind that place in the order, and what it tells of. With *most*, no
    further once so much was found.

    Raises SealingRefused, KeysAway where what is kept outside the database cannot be read.
    """
    outside = Outside.now()
    report = Report()
    with one_picture():
        for found in _divergences(outside, after=after, progress=progress, report=report):
            report.add(found)
            if report.count == most:
                break
    return report


def counts(*, after: int = 0) -> dict[str, int]:
    """About how much there is to look at."""
    found = {"entry": ledger.count(after=after)}
    return found if after else found | {thing.word: thing.model._default_manager.count() for thing in THINGS}


def _divergences(outside: Outside, *, after: int, progress: Progress, report: Report) -> Iterator[Divergence]:
    forgotten = ledger.forgotten()
    behind: list[Disagrees] = []
    by_word = {thing.word: thing for thing in THINGS}

    def heard(entries: Sequence[Entry]) -> None:
        report.entries += len(entries)
        progress("entry", len(entries))
        for word, numbers in _named(entries).items():
            if thing := by_word.get(word):
                wanted = numbers if after else _not_there(thing, numbers)
                behind.extend(replay.of(thing, sorted(wanted), forgotten=forgotten))
        del behind[SHOWN_MOST * 50 :]

    yield from ledger.divergences(outside, after=after, heard=heard)
    seen = set()
    for one in behind:
        if one.reference not in seen:
            yield _told(one)
        seen.add(one.reference)
    if after:
        return
    for thing in THINGS:

        def looked_at(numbers: Sequence[int], thing: Thing = thing) -> None:
            report.rows += len(numbers)
            progress(thing.word, len(numbers))

        for one in replay.of_all(thing, forgotten=forgotten, heard=looked_at):
            yield _told(one)
    yield from _roots()
    yield from _reader_in_use()


def _named(entries: Sequence[Entry]) -> dict[str, set[int]]:
    """The numbers of what these entries are about, by its word."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        word, _colon, number = (entry.about or "").partition(":")
        if number.isdecimal():
            found.setdefault(word, set()).add(int(number))
    return found


def _not_there(thing: Thing, numbers: set[int]) -> set[int]:
    return numbers - set(thing.model._default_manager.filter(pk__in=numbers).values_list("pk", flat=True))


def _told(one: Disagrees) -> Divergence:
    """In words."""
    named = {"reference": one.reference}
    if not one.differences:
        wrong = _("%(reference)s stands in the ledger, and its row is gone.")
    elif any(replay.is_digest(found.column) and found.row == shown(replay.EMPTIED) for found in one.differences):
        wrong = _("%(reference)s was emptied, and nobody of whom it told was forgotten.")
    else:
        first = one.differences[0]
        named |= {"column": first.column, "row": first.row, "facts": first.facts}
        wrong = _(
            "%(reference)s is not what its facts say: %(column)s is %(row)s in its row, and %(facts)s by its facts."
        )
        if more := len(one.differences) - 1:
            wrong += " " + ngettext("One more column differs.", "%(more)s more columns differ.", more) % {"more": more}
    return Divergence(kind="row", wrong=wrong % named, mend=_(CHANGED), reference=one.reference)


def _roots() -> Iterator[Divergence]:
    """Who stands under whom, by the merges that hold."""
    for numbers in batches(Customer):
        for number, (row, told) in people.wrong_roots(numbers).items():
            yield _told(
                Disagrees(
                    ref("customer", number),
                    (Difference("root", ref("customer", row), ref("customer", told)),),
                )
            )


def _reader_in_use() -> Iterator[Divergence]:
    """What messages are read with is what was switched on last."""
    told, row = cases.reader_told(), cases.reader_in_use()
    if told != row:
        yield _told(Disagrees("reader:1", (Difference("version", shown(row), shown(told)),)))
