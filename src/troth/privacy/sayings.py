"""What is held, what goes and what stays, in words: the same for staff before they erase and for the person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.privacy.models import Erasure, Hold


def held(counts: Mapping[str, int], *, staff: bool) -> list[dict[str, Any]]:
    """How many of what, as lines; what there is none of is left out. Only staff are told of what is only theirs."""
    bytes_too = _("with their bytes, where nobody else was sent the same") if staff else _("with their bytes")
    opens = _("none of them opens anything afterwards") if staff else _("each opens it for a while")
    lines = [
        (
            "addresses",
            _("Addresses and numbers"),
            _("how they are reached") if staff else _("how you are reached"),
            True,
        ),
        ("cases", _("Cases"), _("their subjects, and what was read in them"), True),
        ("messages", _("Messages"), _("words, quotes, and their sources as they arrived"), True),
        ("attachments", _("Attachments"), bytes_too, True),
        ("promises", _("Promises"), _("what was promised, in our words"), True),
        ("orders", _("Orders"), _("what was bought, where, and for how much"), True),
        ("remedies", _("Remedies"), _("what was sought, offered and given to make good"), True),
        ("subscriptions", _("Subscriptions"), _("an address that is written to of how things stand"), True),
        ("letters", _("Letters"), _("what we sent"), True),
        (
            "cohorts",
            _("What concerned them"),
            _("that something we wrote to many about concerned them, and why"),
            False,
        ),
        ("lines", _("Lines of lists"), _("where a list that staff uploaded names them"), False),
        ("links", _("Links to the page"), opens, True),
        ("notes", _("Notes"), _("what colleagues wrote to each other"), False),
        ("replies", _("Replies not sent"), _("drafts, and what is held for a moment"), False),
        ("sources", _("Sources"), _("mails and forms as they arrived"), False),
        ("set_aside", _("Mail set aside"), _("could not be read, and names an address of theirs"), False),
    ]
    return [
        {"name": name, "words": words, "count": counts[key]}
        for key, name, words, for_all in lines
        if counts.get(key) and (staff or for_all)
    ]


def stays() -> list[dict[str, str]]:
    """What is not erased, why, and which law allows it."""
    return [
        {
            "what": _("That something was promised, when, and what became of it"),
            "why": _("Without the words, the name and the key it tells of nobody; our kept and broken promises stay counted."),
            "law": _("GDPR, recital 26: it relates to no person any more"),
        },
        {
            "what": _("The sealed leaves of the record, and their order"),
            "why": _("They hold commitments, no words. With the salts and the key destroyed nobody can open them; the record "
                     "goes on verifying, and receipts that were kept stay valid."),
            "law": _("GDPR, Articles 17(1) and 25; EDPB Guidelines 02/2025"),
        },
        {
            "what": _("States, times and sums of letters, cases and messages"),
            "why": _("Numbers by which we account for how we work."),
            "law": _("GDPR, Articles 5(2) and 89(1)"),
        },
        {
            "what": _("That somebody was erased, under a number, and when"),
            "why": _("So that a backup which is put back forgets again, and so that we can show that it was done."),
            "law": _("GDPR, Articles 5(2) and 24(1)"),
        },
    ]  # fmt: skip


def outside() -> list[str]:
    """What lies where this program does not reach."""
    return [
        _("Mail that lies in your mailboxes and in the archive: delete it there. It is not fetched again."),
        _(
            "Backups: they hold the words until they go by your schedule. Where one is put back, they are erased again"
            " (docs/run/erasure.md)."
        ),
        _(
            "What other programs were told by webhooks or fetched by keys: references, and whatever they asked for themselves."
        ),
    ]


def owed(count: int, *, asked: bool) -> str | None:
    """What becomes of what is still owed."""
    if not count:
        return None
    if asked:
        return ngettext(
            "One promise is still owed. As they asked to be forgotten, it is released, or broken where its day has passed.",
            "%(n)s promises are still owed. As they asked to be forgotten, they are released, or broken where their day has passed.",
            count,
        ) % {"n": count}
    return ngettext(
        "One promise is still owed. Nobody let you off: it will count as broken.",
        "%(n)s promises are still owed. Nobody let you off: they will count as broken.",
        count,
    ) % {"n": count}


def hold_reason(reason: str) -> str:
    return {
        Hold.Reason.STATUTE: _("A law asks for it (GDPR, Article 17(3)(b))"),
        Hold.Reason.DISPUTE: _("A claim is open (GDPR, Article 17(3)(e))"),
    }[Hold.Reason(reason)]


def because(erasure: Erasure) -> str:
    return {
        Erasure.Because.ASKED: _("They asked for it"),
        Erasure.Because.DECIDED: _("Decided here"),
        Erasure.Because.RESTORED: _("A backup had brought them back"),
    }[Erasure.Because(erasure.because)]


def waits(problem: str) -> str:
    """Why an erasure waits."""
    if "letter" in problem:
        return _("A letter to them is leaving at this moment. It goes on by itself.")
    if "message" in problem:
        return _("A message of theirs waits to be read. It goes on by itself.")
    if "hold" in problem:
        return _("A hold stands for somebody who was merged with them since. It goes on once that ends, or is lifted.")
    return _("It goes on by itself.")
