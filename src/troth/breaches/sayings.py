"""A breach in words: what staff, the authority and a program that asks read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.breaches.models import Breach
from troth.breaches.rules.contents import Field, Lack, Part
from troth.breaches.rules.standing import Duty, Stands
from troth.breaches.rules.words import Exempt, Level, Party


def level_words(level: str | None) -> str:
    said = {
        Level.NONE: _("A risk is unlikely"),
        Level.RISK: _("A risk"),
        Level.HIGH: _("A high risk"),
    }
    return said[Level(level)] if level else _("Not decided yet")


def exempt_words(sort: str) -> str:
    return {
        Exempt.NO_RISK: _("The authority need not be told: a risk is unlikely (Art. 33(1))"),
        Exempt.PROTECTED: _(
            "People need not be told: nobody can read the data, for they are encrypted (Art. 34(3)(a))"
        ),
        Exempt.AVERTED: _("People need not be told: what we did since makes harm unlikely (Art. 34(3)(b))"),
        Exempt.EFFORT: _("People are told in public: one by one would be out of proportion (Art. 34(3)(c))"),
    }[Exempt(sort)]


def party_words(party: str) -> str:
    return {
        Party.CONTROLLER: _("The data are ours (controller)"),
        Party.PROCESSOR: _("We process them for another (processor)"),
    }[Party(party)]


def kinds_words(breach: Breach) -> str:
    """What became of the data: the three kinds of the EDPB's guidelines 9/2022."""
    said = [
        (breach.got_out, _("seen by somebody who should not (confidentiality)")),
        (breach.was_changed, _("changed (integrity)")),
        (breach.was_lost, _("lost or out of reach (availability)")),
    ]
    return ", ".join(words for is_so, words in said if is_so) or _("not yet known")


def field_words(field: Field) -> str:
    return {
        Field.NATURE: _("What happened: the nature of the breach"),
        Field.PEOPLE: _("Whose data: categories of people"),
        Field.PEOPLE_COUNT: _("About how many people"),
        Field.RECORDS: _("Which data: categories of records"),
        Field.RECORDS_COUNT: _("About how many records"),
        Field.CONTACT: _("Whom to ask: the data protection officer, or another contact"),
        Field.CONSEQUENCES: _("Likely consequences"),
        Field.MEASURES: _("Measures taken or proposed, also against its effects"),
    }[field]


FIELD_ARTICLES = {
    Field.NATURE: "33(3)(a)", Field.PEOPLE: "33(3)(a)", Field.PEOPLE_COUNT: "33(3)(a)", Field.RECORDS: "33(3)(a)",
    Field.RECORDS_COUNT: "33(3)(a)", Field.CONTACT: "33(3)(b)", Field.CONSEQUENCES: "33(3)(c)", Field.MEASURES: "33(3)(d)",
}  # fmt: skip


def lack_words(lack: Field | Lack) -> str:
    """What is missing, as what to do about it."""
    if isinstance(lack, Field):
        return (
            _("“%(field)s” is empty: write it, or tick that it follows.") % {"field": field_words(lack)}
            if (lack not in {Field.NATURE, Field.CONTACT})
            else _("“%(field)s” is empty: a report cannot leave without it.") % {"field": field_words(lack)}
        )
    return {
        Lack.FOLLOWS_BY: _("Something follows: say by when. The date must lie ahead."),
        Lack.REASON_FOR_DELAY: _("The 72 hours are over: say why the report comes late (Art. 33(1))."),
        Lack.AUTHORITY: _("Choose the authority it goes to."),
        Lack.HOW: _("Say how it is handed over."),
    }[lack]


def part_words(part: Part) -> str:
    return {
        Part.SUBJECT: _("Subject"),
        Part.NATURE: _("What happened"),
        Part.CONSEQUENCES: _("What may come of it"),
        Part.MEASURES: _("What we have done and are doing"),
        Part.ADVICE: _("What they can do"),
        Part.CONTACT: _("Whom they can ask"),
    }[part]


def duty_words(duty: Duty, stands: Stands, *, was_late: bool = False) -> str:
    """What is asked, or that it is done, and late."""
    if was_late:
        return _("The authority was told, after the 72 hours")
    done = {
        Duty.DECIDE: _("The risk is decided"),
        Duty.REPORT: _("The authority was told"),
        Duty.FOLLOW: _("The next phase was sent"),
        Duty.TELL: _("The people concerned were told"),
        Duty.CONTROLLER: _("The controller was told"),
        Duty.DOCUMENT: _("Facts, effects and remedial action are written down"),
    }
    asked = {
        Duty.DECIDE: _("Decide how high the risk is"),
        Duty.REPORT: _("Tell the authority, or say why not"),
        Duty.FOLLOW: _("Send the authority the next phase"),
        Duty.TELL: _("Tell the people concerned, without undue delay"),
        Duty.CONTROLLER: _("Tell the controller, without undue delay"),
        Duty.DOCUMENT: _("Write down facts, effects and remedial action"),
    }
    not_asked = {
        Duty.REPORT: _("The authority need not be told"),
        Duty.TELL: _("The people concerned need not be told one by one"),
    }
    if stands is Stands.DONE:
        return done[duty]
    return not_asked.get(duty, done[duty]) if stands is Stands.NOT_ASKED else asked[duty]


def span(length: timedelta) -> str:
    """`2 days 3 hours`, or `40 minutes`."""
    minutes = max(int(length / timedelta(minutes=1)), 0)
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    said = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s minute", "%(n)s minutes", left) % {"n": left} if (left and not days) or not minutes else "",
    ]
    return " ".join(words for words in said if words)


def remaining(by: datetime, *, now: datetime) -> str:
    if now >= by:
        return _("%(span)s over") % {"span": span(now - by)}
    return _("%(span)s left") % {"span": span(by - now)}
