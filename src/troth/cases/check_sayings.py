"""How the reply check speaks to the writer: what is missing or had better not be there, and a sentence of help."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.cases.read_sayings import value_words
from troth.cases.rules.checks import Check, Looked
from troth.cases.rules.checks_dates import Why
from troth.cases.rules.corrections import Field
from troth.cases.sayings import answered_words, unanswered_words
from troth.reading import NearKind
from troth.words.emotions import Emotion


def name_words(check: Check) -> str:
    """What the check looks at, as a heading."""
    return {
        Check.RESPONSIBILITY: _("Responsibility is taken"),
        Check.REPAIR: _("It is said what will be put right"),
        Check.REGRET: _("The feeling is answered"),
        Check.REASON: _("The reason is given"),
        Check.NEVER_AGAIN: _("What keeps it from happening again"),
        Check.FORGIVENESS: _("Forgiveness is asked for"),
        Check.DATE: _("A date is given"),
        Check.BLAME: _("The customer is blamed"),
        Check.EMPTY_APOLOGY: _("An apology for nothing in particular"),
        Check.VAGUE_TIME: _("“As soon as possible”"),
        Check.PASSIVE: _("Nobody did it"),
        Check.POLICY: _("A rule instead of a reason"),
        Check.UNKEEPABLE: _("A date that cannot be kept"),
        Check.QUESTION: _("Their question is answered"),
        Check.REMEDY: _("What they asked for is taken up"),
        Check.OFFER: _("An offer that may be heard as a promise"),
    }[check]


def missing_words(looked: Looked, emotion: Emotion | None) -> str:
    """What the writer is told."""
    if looked.check is Check.REGRET:
        return unanswered_words(emotion) if emotion else _("Say that you are sorry")
    if looked.check is Check.UNKEEPABLE:
        return _unkept_words(looked.about) % {"quote": looked.quote}
    if looked.check is Check.REMEDY:
        return _("They want: %(what)s") % {"what": value_words(Field.REMEDIES, looked.about)}
    if looked.check is Check.OFFER:
        return _near_words(looked.about) % {"quote": looked.quote}
    return _missing()[looked.check] % {"quote": looked.quote}


def _missing() -> dict[Check, str]:
    return {
        Check.RESPONSIBILITY: _("Nobody takes it on yet"),
        Check.REPAIR: _("Say what will be put right"),
        Check.REASON: _("Say why it happened"),
        Check.NEVER_AGAIN: _("Say what keeps it from happening again"),
        Check.FORGIVENESS: _("“%(quote)s” asks before it gives"),
        Check.DATE: _("Give a date"),
        Check.BLAME: _("“%(quote)s” blames the customer"),
        Check.EMPTY_APOLOGY: _("“%(quote)s” apologises for nothing in particular"),
        Check.VAGUE_TIME: _("“%(quote)s” tells no time"),
        Check.PASSIVE: _("“%(quote)s” says that nobody did it"),
        Check.POLICY: _("“%(quote)s” is a rule, not a reason"),
        Check.QUESTION: _("They asked: “%(quote)s”"),
    }


def _unkept_words(why: str) -> str:
    return {
        Why.PASSED: _("“%(quote)s” has passed, or means next year"),
        Why.CLOSED_DAY: _("Nobody is at work: “%(quote)s”"),
        Why.OUTSIDE_HOURS: _("Outside the opening hours: “%(quote)s”"),
    }[Why(why)]


def _near_words(kind: str) -> str:
    return {
        NearKind.OFFER: _("“%(quote)s” offers and promises nothing"),
        NearKind.IMPLIED: _("“%(quote)s” may be heard as a promise"),
    }[NearKind(kind)]


def help_words(check: Check) -> str:
    """Why it matters, in a sentence."""
    return {
        Check.RESPONSIBILITY: _("Of all parts of an apology this one counts most: say that it was ours."),
        Check.REPAIR: _("After responsibility nothing counts more than what you will do about it."),
        Check.REGRET: _("Who feels heard can hear the rest."),
        Check.REASON: _("Short, and no excuse: it shows that somebody looked."),
        Check.NEVER_AGAIN: _("Only where something has changed; then it is worth a sentence."),
        Check.FORGIVENESS: _("Asking to be forgiven counts least: first take it on and put it right."),
        Check.DATE: _("Who knows when need not ask."),
        Check.BLAME: _("Even where it is true it wins nothing: say what is to be done now."),
        Check.EMPTY_APOLOGY: _("Name what went wrong; then they know that you know."),
        Check.VAGUE_TIME: _("Name a day that you can keep."),
        Check.PASSIVE: _("Say who it was: we."),
        Check.POLICY: _("Say what the rule is for, or what you can do instead."),
        Check.UNKEEPABLE: _("Choose a day on which somebody is there."),
        Check.QUESTION: _("Nothing in your words comes back to it."),
        Check.REMEDY: _("Say yes or no to it, and why."),
        Check.OFFER: _("Say what you will do, and by when."),
    }[check]


def well_words(looked: Looked, emotion: Emotion | None) -> str:
    """What is in it already; empty where it is not worth saying."""
    if looked.check is Check.REGRET:
        return answered_words(emotion) if emotion else _("You are sorry")
    return {
        Check.RESPONSIBILITY: _("You take it on"),
        Check.REPAIR: _("You say what will be put right"),
        Check.REASON: _("You say why"),
        Check.NEVER_AGAIN: _("You say what will be different"),
        Check.DATE: _("They know when"),
        Check.REMEDY: _("You come back to what they want"),
    }.get(looked.check, "")
