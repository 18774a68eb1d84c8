"""How the state of a case and its messages is said to staff."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.cases.queries import Row
from troth.cases.rules import gate
from troth.post.models import LetterState
from troth.post.sayings import receipts_words
from troth.words.emotions import Emotion


def kind_choices() -> list[tuple[str, str]]:
    return [
        ("enquiry", _("Enquiry")),
        ("complaint", _("Complaint")),
        ("suggestion", _("Suggestion")),
        ("compliment", _("Compliment")),
    ]


def status_choices() -> list[tuple[str, str]]:
    return [("open", _("Open")), ("waiting", _("Waits for the customer")), ("resolved", _("Resolved"))]


def channel_words(channel: str) -> str:
    return {
        "email": _("by mail"),
        "webform": _("by the web form"),
        "chat": _("in the chat"),
        "phone": _("on the phone"),
        "talk": _("face to face"),
        "social": _("in public"),
        "import": _("from an import"),
    }.get(channel, channel)


def reasons(case: Case | Row, *, again: bool = False) -> list[dict[str, str]]:
    found = [{"kind": "again"}] if again else []
    if case.unanswered_since and not case.imported:
        found.append({"kind": "unanswered"})
    if case.emotion == "anger":
        found.append({"kind": "angry"})
    if case.for_staff_only:
        found.append({"kind": "unverified", "words": _("Lets somebody sign in")})
    if case.unverified:
        found.append({"kind": "unverified", "words": _("Sender not verified")})
    return found


def delivery_words(letter: dict[str, Any] | None) -> dict[str, str] | None:
    if letter is None:
        return None
    words, tone = {
        LetterState.SENT: (_("Delivered"), "good"),
        LetterState.REFUSED: (
            _("Refused: %(reply)s") % {"reply": letter["last_reply"] or _("no reason given")},
            "alarm",
        ),
        LetterState.UNCLEAR: (_("Not known whether it arrived"), "warn"),
        LetterState.TAKEN_BACK: (_("Taken back"), ""),
    }.get(LetterState(letter["state"]), (_("On its way"), "calm"))
    if letter["state"] in (LetterState.SENT, LetterState.QUEUED):
        receipts = receipts_words(letter["encloses"], letter["enclosed"])
        words = f"{words} · {receipts}" if receipts else words
    if letter["bounced"]:
        words, tone = _("Came back: %(reason)s") % {"reason": letter["bounce_reason"]}, "alarm"
    return {"words": words, "tone": tone}


def answered_words(emotion: str) -> str:
    return {
        Emotion.ANGER: _("You answer the anger"),
        Emotion.DISGUST: _("You answer the disgust"),
        Emotion.FEAR: _("You answer the worry"),
        Emotion.JOY: _("You answer the thanks"),
        Emotion.SADNESS: _("You answer the disappointment"),
        Emotion.SURPRISE: _("You answer the surprise"),
    }[Emotion(emotion)]


def unanswered_words(emotion: str) -> str:
    return {
        Emotion.ANGER: _("The anger is not answered yet"),
        Emotion.DISGUST: _("The disgust is not answered yet"),
        Emotion.FEAR: _("The worry is not answered yet"),
        Emotion.JOY: _("The thanks are not answered yet"),
        Emotion.SADNESS: _("The disappointment is not answered yet"),
        Emotion.SURPRISE: _("The surprise is not answered yet"),
    }[Emotion(emotion)]


def why_words(objection: gate.Objection) -> str:
    return {
        gate.Why.UNANSWERED: _("“%(quote)s” is a promise without a date. Give it one, or say that it is none."),
        gate.Why.NO_DATE: _("“%(quote)s” needs a date."),
        gate.Why.PASSED: _("The date of “%(quote)s” has passed already."),
        gate.Why.NO_ONE_THERE: _("“%(quote)s” falls due before anybody is at work again."),
        gate.Why.UNCONFIRMED: _("“%(quote)s” was written by a machine. Say whether it is right, or no promise."),
        gate.Why.BLANK: _("“%(quote)s” still has to be filled in."),
    }[objection.why] % {"quote": objection.quote}
