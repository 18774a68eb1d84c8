"""Small words about promises that several pages say."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from troth.words.promises import Strength


def strength_words(strength: str) -> str:
    return {
        Strength.AIM: _("an aim"),
        Strength.EXPECT: _("expected"),
        Strength.PROMISE: _("a promise"),
        Strength.GUARANTEE: _("a guarantee"),
    }[Strength(strength)]


def told_apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a list: where one sentence holds several promises, each says which of them it is, as `part`."""
    counted = Counter(row["quote"] for row in rows if row.get("quote"))
    for row in rows:
        if row.get("quote") and counted[row["quote"]] > 1:
            row["part"] = row["words"]
    return rows


def percent(share: float | None) -> str:
    return _("unknown") if share is None else f"{share * 100:.1f} %"
