"""How the check of a notice speaks to its writer, as the reply check does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.incidents.rules.writing import Looked, Point


def missing_words(looked: Looked) -> str:
    return {
        Point.BLANK: _("“%(quote)s” is still to be filled in"),
        Point.SORRY: _("Say that you are sorry"),
        Point.OWNS: _("Nobody takes it on yet"),
        Point.HAPPENED: _("Say what happened"),
        Point.AFFECTED: _("Say whom it hits"),
        Point.DOING: _("Say what you are doing about it"),
        Point.YOU_CAN: _("Say what they can do, if only that they need do nothing"),
        Point.NEXT: _("Say when they hear next"),
        Point.PASSIVE: _("“%(quote)s” says that nobody did it"),
        Point.EMPTY: _("“%(quote)s” apologises for nothing in particular"),
        Point.VAGUE: _("“%(quote)s” tells no time"),
        Point.BLAME: _("“%(quote)s” blames the customer"),
    }[looked.point] % {"quote": looked.quote}


def help_words(point: Point) -> str:
    return {
        Point.BLANK: _("It would leave as it stands."),
        Point.SORRY: _("Once, plainly, and for what happened."),
        Point.OWNS: _("“We”, and what we did: readers forgive what somebody answers for."),
        Point.HAPPENED: _("What does not work, since when, in words anybody knows."),
        Point.AFFECTED: _("Who reads it wants to know first whether it is about them."),
        Point.DOING: _("What is being done now counts more than how sorry you are."),
        Point.YOU_CAN: _("So that nobody wonders whether to wait or to act."),
        Point.NEXT: _("A day and an hour. Then nobody needs to ask."),
        Point.PASSIVE: _("Say who did it: we did."),
        Point.EMPTY: _("Name what you are sorry for, or leave it out."),
        Point.VAGUE: _("Say by when."),
        Point.BLAME: _("Whatever led to it, the letter is about what we do."),
    }[point]


def well_words(point: Point) -> str:
    return {
        Point.SORRY: _("You are sorry"),
        Point.OWNS: _("You take it on"),
        Point.HAPPENED: _("What happened"),
        Point.AFFECTED: _("Whom it hits"),
        Point.DOING: _("What you are doing"),
        Point.YOU_CAN: _("What they can do"),
        Point.NEXT: _("When they hear next"),
    }.get(point, "")


def field_words() -> dict[str, tuple[str, str]]:
    """The fields of the guided way: their names, and what belongs there."""
    return {
        "sorry": (_("We are sorry"), _("One sentence that takes it on")),
        "happened": (_("What happened"), _("What does not work or went wrong, since when")),
        "affected": (_("Who is affected"), _("So that each reader knows whether it is about them")),
        "doing": (_("What we are doing"), _("What is being done now, and by whom")),
        "you_can": (_("What you can do"), _("If only that they need do nothing")),
    }
