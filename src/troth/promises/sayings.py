"""Small words about promises that several pages say."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.words.promises import Strength


def strength_words(strength: str) -> str:
    return {
        Strength.AIM: _("an aim"),
        Strength.EXPECT: _("expected"),
        Strength.PROMISE: _("a promise"),
        Strength.GUARANTEE: _("a guarantee"),
    }[Strength(strength)]


def percent(share: float | None) -> str:
    return _("unknown") if share is None else f"{share * 100:.1f} %"
