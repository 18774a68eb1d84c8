"""Root causes as plain fields: five whys, or the branches of a fishbone; what is asked of both; pure.

Five whys (Ohno, Toyota Production System, 1988): each answer is asked why in its turn, until one is reached that can be changed.
The fishbone (Ishikawa, Guide to Quality Control, 1968) looks in several places at once, so that the first answer is not the last.
A person who slipped is where the asking begins, never where it ends: the branch is called "people" for what they were not given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

#: Whoever is done sooner leaves the rest empty; fewer than two are no asking.
WHYS = 5
WHYS_LEAST = 2
#: The longest of the answers, and of the sentence they come to.
ANSWER_MAX, WORDS_MAX = 2000, 500


class Branch(StrEnum):
    """Where a cause is looked for; people who served or made something know these from the six Ms."""

    PEOPLE = "people"
    PROCESS = "process"
    TOOL = "tool"
    SUPPLIER = "supplier"
    SURROUNDINGS = "surroundings"
    MEASURE = "measure"


class Lack(StrEnum):
    """What a root cause lacks."""

    FIRST_WHY = "first_why"
    SECOND_WHY = "second_why"
    #: A why is answered after one that is not.
    GAP = "gap"
    NO_BRANCH = "no_branch"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"


def whys(answers: Sequence[str]) -> dict[str, Any]:
    """Five whys as they are kept: the answers in their order, without the empty ones behind the last."""
    said = [" ".join(answer.split()) for answer in answers[:WHYS]]
    while said and not said[-1]:
        said.pop()
    return {"whys": said}


def fishbone(branches: Mapping[str, str]) -> dict[str, Any]:
    """A fishbone as it is kept: what was found on each branch where something was."""
    said = {branch.value: branches.get(branch.value, "").strip() for branch in Branch}
    return {"branches": {name: text for name, text in said.items() if text}}


def lacks(plain: Mapping[str, Any], words: str) -> list[Lack]:
    """What is missing before it can be kept."""
    found: list[Lack] = []
    answers, branches = list(plain.get("whys", ())), dict(plain.get("branches", {}))
    if "whys" in plain:
        if not answers or not answers[0]:
            found.append(Lack.FIRST_WHY)
        elif len(answers) < WHYS_LEAST:
            found.append(Lack.SECOND_WHY)
        elif not all(answers):
            found.append(Lack.GAP)
    elif not branches:
        found.append(Lack.NO_BRANCH)
    if not words.strip():
        found.append(Lack.NO_WORDS)
    if len(words) > WORDS_MAX or any(len(text) > ANSWER_MAX for text in [*answers, *branches.values()]):
        found.append(Lack.TOO_LONG)
    return found


def digest(plain: Mapping[str, Any], words: str) -> str:
    """SHA-256 of what was written down, as the ledger has it."""
    said = json.dumps({"plain": plain, "words": words}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def digest_of_watch(*, product: str, place: str) -> str:
    """SHA-256 of the product and the place that are watched for."""
    said = json.dumps([product, place], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
