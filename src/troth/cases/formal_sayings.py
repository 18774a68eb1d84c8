"""The words for letters that rules lay down, for what they must say, and for why one left without."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.words.formal import Decision, Formal, Point, Without


def formal_words(formal: Formal) -> str:
    return {
        Formal.FINAL: _("Final response"),
        Formal.HOLDING: _("Holding reply"),
        Formal.SUMMARY: _("Summary resolution"),
    }[formal]


def about_words(formal: Formal, *, of_payments: bool) -> str:
    """What the letter is for, and which rule asks for it."""
    if formal is Formal.HOLDING and of_payments:
        return _("Within 15 business days it says why it takes longer, and gives until the 35th (DISP 1.6.2AR).")
    return {
        Formal.FINAL: _("It decides the complaint and ends the case (DISP 1.6.2R). It has to say:"),
        Formal.HOLDING: _(
            "Within eight weeks it says why there is no decision yet and when there will be (DISP 1.6.2R)."
        ),
        Formal.SUMMARY: _("They accept it as settled within three business days; it ends the case (DISP 1.5.4R)."),
    }[formal]


def point_words(point: Point) -> str:
    return {
        Point.RESOLVED: _("That they complained, and that it is resolved"),
        Point.DECISION: _("The decision: accepted, rejected, or redress without accepting"),
        Point.REDRESS: _("The redress, or that none is due"),
        Point.REASONS: _("The reasons for rejecting it"),
        Point.WHY_LONGER: _("Why there is no final response yet"),
        Point.BY_WHEN: _("By when there will be one"),
        Point.REFER: _("They may refer it to the ombudsman"),
        Point.SIX_MONTHS: _("Within six months"),
        Point.WAIVER: _("Whether you consent to waive the time limits"),
        Point.LEAFLET: _("The ombudsman’s leaflet, with it or linked"),
        Point.WEBSITE: _("The ombudsman’s website address"),
        Point.MORE: _("More is to be read on that website"),
        Point.PLAIN_WORDS: _("Plain words"),
    }[point]


def decision_words(decision: Decision) -> str:
    return {
        Decision.ACCEPTS: _("accepts the complaint"),
        Decision.IN_PART: _("accepts it in part"),
        Decision.OFFERS: _("offers redress without accepting it"),
        Decision.REJECTS: _("rejects the complaint"),
    }[decision]


def without_words(without: Without) -> str:
    return {
        Without.WITHDRAWN: _("They withdrew it"),
        Without.ACCEPTED: _("They accepted an earlier answer in writing"),
        Without.SENT_OTHERWISE: _("It went another way, or stands in another letter"),
        Without.FORWARDED: _("It is another firm’s, and was forwarded"),
        Without.NOT_COVERED: _("The rules do not cover it"),
        Without.OTHER: _("Something else"),
    }[without]


def without_choices() -> list[tuple[str, str]]:
    return [(without.value, without_words(without)) for without in Without]
