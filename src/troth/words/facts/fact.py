"""What every fact has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

Plain = str | int | bool | datetime | None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every fact has."""

    version: ClassVar[int] = 1
    #: The reference of the thing this is about, e.g. "promise:12".
    about: str
    #: "customer:7", or "" where no customer is concerned.
    customer: str = ""

    @property
    def kind(self) -> str:
        return type(self).__name__

    def values(self) -> dict[str, Plain]:
        """Field names and values, without inheritance's order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
