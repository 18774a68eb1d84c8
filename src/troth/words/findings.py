"""What is checked of the tables, and what a check found. Each room's checks stand in its `checks.py`; `site/verify.py` runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Of what is wrong in one way so many are named; all are counted.
SHOWN_MOST = 20


#: What to do where rows are not what was written.
TAMPERED = "Somebody changed the tables past the application. Find out who, and go back to a backup from before it."
CHANGED = "One of the two was changed past the application. Go back to a backup from before it."


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must never be so, as one question to the tables."""

    #: The invariant it belongs to, I1 to I13; docs/run/verify.md says what each means.
    invariant: str
    #: What is wrong where anything is found, as a sentence.
    wrong: str
    #: What to do about it.
    mend: str
    #: SQL that selects one column, the reference of each thing that is wrong. `%(now)s` is the moment of the check.
    refs: str
    #: What else stands in the SQL, by name.
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something is not as it must be."""

    invariant: str
    wrong: str
    mend: str
    #: The first of what it is about, such as "letter:9".
    refs: tuple[str, ...]
    #: How many it is about in all.
    count: int


@dataclass(kw_only=True)
class Tally:
    """One thing that must never be so, asked row by row of a stream, where it is more than SQL can ask."""

    invariant: str
    wrong: str
    mend: str
    refs: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, reference: str) -> None:
        """This one is wrong."""
        self.count += 1
        if len(self.refs) < SHOWN_MOST:
            self.refs.append(reference)

    def findings(self) -> Iterator[Finding]:
        """What was found: nothing, or one finding."""
        if self.count:
            yield Finding(
                invariant=self.invariant, wrong=self.wrong, mend=self.mend, refs=tuple(self.refs), count=self.count
            )


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """Something is not what it was written as; `troth fsck` names the first."""

    #: In a word, for programs.
    kind: str
    #: As a sentence, with what it is about.
    wrong: str
    mend: str
    #: Such as "entry:9" or "promise:7".
    reference: str
    #: Its place in the one order, where it has one.
    position: int | None = None
