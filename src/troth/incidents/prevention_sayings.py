"""How it is said why it happened, what is done about it, and by what a second time is known."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.incidents.models import Audience, Measure, Watch
from troth.incidents.rules.causes import ANSWER_MAX, WORDS_MAX, Branch, Lack
from troth.incidents.rules.recurring import Reason


def branch_words(branch: str) -> tuple[str, str]:
    """What the branch of a fishbone is called, and what to ask there."""
    return {
        Branch.PEOPLE: (_("People"), _("What did they not know, have, or have time for? Not who it was.")),
        Branch.PROCESS: (_("Process"), _("Which step was missing, unclear, or skipped without anybody noticing?")),
        Branch.TOOL: (_("Tool"), _("Which machine, program or form did what it should not, or was not there?")),
        Branch.SUPPLIER: (_("Supplier"), _("What came from elsewhere, and how would we have known?")),
        Branch.SURROUNDINGS: (
            _("Surroundings"),
            _("Weather, roads, season, law: what was otherwise than on other days?"),
        ),
        Branch.MEASURE: (_("Measure"), _("Which figure would have shown it sooner, or showed it wrongly?")),
    }[Branch(branch)]


def lack_words(lack: Lack) -> tuple[str, str]:
    """The field it is about, and what to do."""
    return {
        Lack.FIRST_WHY: ("id_why_1", _("Answer the first why: what made it happen?")),
        Lack.SECOND_WHY: ("id_why_2", _("Ask why once more: the first answer is hardly ever the cause.")),
        Lack.GAP: ("id_why_1", _("Answer each why before the next: one in between is empty.")),
        Lack.NO_BRANCH: ("id_people", _("Say on at least one branch what you found there.")),
        Lack.NO_WORDS: ("id_words", _("Say in one sentence what it comes to.")),
        Lack.TOO_LONG: (
            "id_words",
            _("Keep each answer under %(answer)s signs, and the sentence under %(words)s.")
            % {"answer": ANSWER_MAX, "words": WORDS_MAX},
        ),
    }[lack]


def measure_words(sort: str) -> str:
    return {
        Measure.Sort.CORRECTIVE: _("Sets right what went wrong"),
        Measure.Sort.PREVENTIVE: _("Keeps it from happening again"),
    }[Measure.Sort(sort)]


def audience_words(audience: str) -> str:
    return {
        Audience.PUBLIC: _("to everybody"),
        Audience.HURT: _("to those who were told of it"),
    }[Audience(audience)]


def watch_words(state: str) -> str:
    return {
        Watch.State.WATCHING: _("Being watched"),
        Watch.State.HELD: _("It has not come back"),
        Watch.State.BROKEN: _("It came back"),
        Watch.State.CALLED_OFF: _("Called off"),
    }[Watch.State(state)]


WATCH_TONES = {"watching": "warn", "held": "good", "broken": "alarm", "called_off": None}


def why_words(why: str) -> str:
    """By what a second time is known: "same cause, same product"."""
    named = {
        Reason.CAUSE: _("same cause"),
        Reason.PRODUCT: _("same product"),
        Reason.PLACE: _("same place"),
        Reason.SIMILAR: _("told alike"),
        Reason.HAND: _("somebody says so"),
    }
    return ", ".join(named[Reason(word)] for word in why.split())
