"""What is written into a spreadsheet's file is words, whatever it begins with."""

from __future__ import annotations

#: A spreadsheet takes what begins so for a formula, and runs it (OWASP, CSV injection); full-width signs, too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """The words with a sign before them that makes them words again."""
    return f"'{text}" if text.startswith(FORMULA) else text
