"""What is checked of the tables, and what a check found. Each room's checks stand in its `checks.py`; `site/verify.py` runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must never be so, as one question to the tables."""

    #: The invariant it belongs to, I1 to I12; docs/run/verify.md says what each means.
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
