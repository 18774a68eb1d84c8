"""Which letters of an mbox belong to one conversation: by the letters they answer, else by subject and people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ANSWERS = re.compile(r"^\s*(?:(?:re|aw|sv|vs|antw|fw|fwd|wg|tr)(?:\s*\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """What grouping needs of a letter."""

    message_id: str
    #: Every letter it says it answers, oldest first.
    answers: tuple[str, ...]
    subject: str
    #: The addresses that are not ours.
    others: frozenset[str]


class Threads:
    """Groups letters as they come; safe for any order, any depth and rings of references."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._by_id: dict[str, int] = {}
        self._by_subject: dict[tuple[str, frozenset[str]], int] = {}

    def add(self, head: Head) -> int:
        """Take the next letter; its number, from 0."""
        number = len(self._parent)
        self._parent.append(number)
        for message_id in (head.message_id, *head.answers):
            if message_id:
                self._join(number, self._by_id.setdefault(message_id, number))
        subject, is_answer = plain_subject(head.subject)
        key = (subject, head.others)
        if subject and head.others:
            if is_answer and not head.answers and key in self._by_subject:
                self._join(number, self._by_subject[key])
            self._by_subject[key] = number
        return number

    def groups(self) -> Iterable[list[int]]:
        """The letters of each conversation, in the order they were added; conversations by their first letter."""
        grouped: dict[int, list[int]] = {}
        for number in range(len(self._parent)):
            grouped.setdefault(self._root(number), []).append(number)
        return grouped.values()

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def _join(self, one: int, other: int) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self._parent[second] = first


def plain_subject(subject: str) -> tuple[str, bool]:
    """The subject without its "Re:", in one spelling; and whether it had one."""
    bare = _ANSWERS.sub("", subject[:500])
    return " ".join(bare.split()).casefold(), bare != subject[:500]
