"""What is typed about an endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from troth.hooks.models import Endpoint
from troth.hooks.rules.message import type_of
from troth.people.shell import typed
from troth.words.facts import kinds as known_kinds

NAME_LONGEST = 80


@dataclass(frozen=True)
class Typed:
    """The form as it was sent, or as it stands."""

    name: str
    url: str
    #: "all" or "some".
    wants: str
    kinds: tuple[str, ...]
    once: str = ""

    @classmethod
    def of(cls, values: QueryDict) -> Typed:
        return cls(
            name=" ".join(typed(values, "name").split())[:NAME_LONGEST],
            url=typed(values, "url").strip(),
            wants="some" if values.get("wants") == "some" else "all",
            kinds=tuple(kind for kind in values.getlist("kinds") if kind in known_kinds()),
            once=typed(values, "once")[:64],
        )

    @classmethod
    def standing(cls, endpoint: Endpoint) -> Typed:
        wants = "some" if endpoint.kinds else "all"
        return cls(endpoint.name, endpoint.url, wants, tuple(endpoint.kinds))

    @property
    def chosen(self) -> list[str]:
        """The kinds to be heard of; none named means all."""
        return list(self.kinds) if self.wants == "some" else []

    def problems(self) -> dict[str, str]:
        """By field, what is missing."""
        found = {}
        if not self.name:
            found["name"] = _("Give it a name you will know it by")
        if not self.url:
            found["url"] = _("Write the address it is sent to")
        if self.wants == "some" and not self.kinds:
            found["kinds"] = _("Choose at least one kind of event, or everything")
        return found


def groups(chosen: list[str]) -> list[dict[str, Any]]:
    """Every kind of event under the thing it is about."""
    kinds = sorted(((type_of(kind), kind) for kind in known_kinds()), key=lambda pair: pair[0])
    return [
        {
            "name": thing,
            "kinds": [{"kind": kind, "type": name, "chosen": kind in chosen} for name, kind in found],
        }
        for thing, found in groupby(kinds, key=lambda pair: pair[0].split(".")[0])
    ]
