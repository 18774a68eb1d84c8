"""The countries whose public holidays are known, by their English names."""

from __future__ import annotations

from functools import cache


@cache
def country_choices() -> list[tuple[str, str]]:
    """(code, name) of each, by name; the first is none at all."""
    import holidays.registry  # slow to load, and asked for by one page

    found = {}
    for module, (name, code, *_rest) in holidays.registry.COUNTRIES.items():
        del module
        found[code] = _spaced(name)
    return [("", "—"), *sorted(found.items(), key=lambda pair: pair[1])]


@cache
def regions_of(country: str) -> tuple[str, ...]:
    """The codes of its regions with holidays of their own; none for a country that is not known."""
    import holidays

    return tuple(holidays.list_supported_countries(include_aliases=False).get(country, ()))


def _spaced(name: str) -> str:
    """A class's name as words: UnitedKingdom as United Kingdom."""
    return "".join(f" {sign}" if sign.isupper() and at else sign for at, sign in enumerate(name))
