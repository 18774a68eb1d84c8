"""Lines of a CSV file (RFC 4180) in which no spreadsheet finds a formula: customers write what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

#: What makes a spreadsheet calculate (OWASP, CSV Injection); behind an apostrophe it is text.
CALCULATES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """One value, always in quotation marks."""
    text = "" if value is None else str(value)
    if text.startswith(CALCULATES):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"'


def line(values: Sequence[object]) -> str:
    return ",".join(cell(value) for value in values) + "\r\n"
