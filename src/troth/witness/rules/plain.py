"""Strangers' words, made fit to be shown; pure."""

from __future__ import annotations


def plain(text: str, *, most: int = 200) -> str:
    """One line of printable signs, whatever was sent: a terminal obeys some of the others."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in text[: most + 1])
    return shown if len(shown) <= most else shown[:most] + "…"
