"""Breaches on paper: one report, the whole file of a breach, the register; and the same as plain values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.breaches import queries, sayings
from troth.breaches.models import Breach, Exemption, PeopleLetter, Report, RiskDecision
from troth.breaches.rules.contents import NUMBERS, Field
from troth.breaches.rules.words import ARTICLES, Exempt
from troth.notices.models import Told
from troth.notices.queries import progress
from troth.people.paper import Heading, NewPage, Pairs, Paragraph, Part, Table, pdf
from troth.people.queries import company_name
from troth.words.refs import ref


def moment(at: datetime | None, zone: str) -> str:
    """`2 March 2026, 09:30 (Europe/London)`, as a file says it that is read years later."""
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'j F Y')}, {local:%H:%M} ({local.tzname()})"


def _file(title: str, parts: Iterable[Part], *, zone: str, now: datetime) -> bytes:
    company = company_name()
    footer = _("%(company)s · made %(at)s") % {"company": company, "at": moment(now, zone)}
    return pdf(title=title, company=company, language=get_language() or "en", made_at=now, footer=footer, parts=parts)


def report_pdf(report: Report, *, zone: str, now: datetime) -> bytes:
    """What the authority is handed, or what would be."""
    title = _("Notification of a personal data breach, phase %(phase)s") % {"phase": report.phase}
    return _file(title, _report(report, zone=zone), zone=zone, now=now)


def _report(report: Report, *, zone: str) -> Iterable[Part]:
    breach = report.breach
    if report.sent_at is None:
        yield Paragraph(_("A draft: it has not been sent."), is_faint=True)
    yield Pairs(
        [
            (_("Who reports"), company_name()),
            (_("Our reference"), breach.ref),
            (_("To"), report.sent_to or (report.authority.name if report.authority else "")),
            (_("The authority’s reference"), report.receipt),
            (_("Phase"), str(report.phase)),
            (_("We became aware"), moment(breach.aware_at, zone)),
            (_("The 72 hours end"), moment(breach.report_by, zone)),
            (_("Sent"), moment(report.sent_at, zone)),
            (_("How"), report.how),
            *([(_("Why it comes late (Art. 33(1))"), report.reason_for_delay)] if report.reason_for_delay else []),
            *([(_("Member states concerned"), breach.countries)] if breach.countries else []),
        ]
    )
    yield Heading(_("Contents (Art. 33(3) of Regulation (EU) 2016/679)"))
    yield Pairs([(f"{sayings.field_words(one)}, {sayings.FIELD_ARTICLES[one]}", _said(report, one)) for one in Field])
    if report.follows_by:
        yield Paragraph(
            _("What is not yet known follows by %(by)s (Art. 33(4)).") % {"by": moment(report.follows_by, zone)}
        )


def _said(report: Report, field: Field) -> str:
    if field in report.to_follow:
        known = getattr(report, field)
        follows = _("Not yet known; it follows (Art. 33(4)).")
        return follows if known in {None, ""} else f"{known}\n{follows}"
    value = getattr(report, field)
    return "" if value is None else f"{value:,}" if field in NUMBERS else str(value)


def file_pdf(breach: Breach, *, zone: str, now: datetime) -> bytes:
    """Everything there is about one breach."""
    title = _("Breach %(number)s: %(title)s") % {"number": breach.pk, "title": breach.incident.title}
    return _file(title, _whole(breach, zone=zone), zone=zone, now=now)


def _whole(breach: Breach, *, zone: str) -> Iterable[Part]:
    words = queries.newest_words(breach)
    yield Pairs(
        [
            (_("Incident"), f"{breach.incident.ref}: {breach.incident.title}"),
            (_("It happened"), moment(breach.incident.happened_at, zone)),
            (_("We became aware"), moment(breach.aware_at, zone)),
            (_("The 72 hours end"), moment(breach.report_by, zone)),
            *[(_("The authority was told late"), why) for why in _late(breach)],
            (
                _("Whose data"),
                sayings.party_words(breach.party) + (f": {breach.controller}" if breach.controller else ""),
            ),
            (_("What became of the data"), sayings.kinds_words(breach)),
            (_("Member states concerned"), breach.countries or _("one")),
            (_("Closed"), moment(breach.closed_at, zone)),
        ]
    )
    yield Heading(_("Facts, effects and remedial action (Art. 33(5))"))
    yield Pairs(
        [
            (_("Facts"), words.facts if words else ""),
            (_("Effects"), words.effects if words else ""),
            (_("Remedial action"), words.action if words else ""),
        ]
    )
    yield Heading(_("Timeline"))
    rows = [[moment(at, zone), said, who] for at, said, who in timeline(breach)]
    yield Table([_("When"), _("What"), _("Who")], rows, widths=[3, 6, 2])
    yield Heading(_("The risk, as it was decided"))
    risks = [
        [moment(one.at, zone), sayings.level_words(one.level), one.reason, one.by.name if one.by else ""]
        for one in RiskDecision.objects.filter(breach=breach).select_related("by").order_by("pk")
    ]
    yield _table_or_none([_("When"), _("Risk"), _("Why"), _("Who")], risks, widths=[3, 2, 5, 2])
    yield Heading(_("Exemptions"))
    exempt = [_exemption_row(one, zone) for one in _exemptions(breach)]
    yield _table_or_none([_("When"), _("Article"), _("Why"), _("Taken back")], exempt, widths=[3, 2, 5, 3])
    yield Heading(_("What the people concerned were told (Art. 34)"))
    yield from _letters(breach, zone=zone)
    for report in queries.sent_reports(breach):
        yield NewPage()
        yield Heading(_("Report to the authority, phase %(phase)s") % {"phase": report.phase})
        yield from _report(report, zone=zone)


def _table_or_none(head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> Part:
    return Table(head, rows, widths=widths) if rows else Paragraph(_("None."))


def _exemptions(breach: Breach) -> Iterable[Exemption]:
    return Exemption.objects.filter(breach=breach).select_related("by").order_by("pk")


def _exemption_row(one: Exemption, zone: str) -> list[str]:
    why = one.reason + (_("\nThe public is told: %(how)s") % {"how": one.instead} if one.instead else "")
    back = f"{moment(one.taken_back_at, zone)}\n{one.taken_back_why}" if one.taken_back_at else "–"
    return [moment(one.at, zone), ARTICLES[Exempt(one.sort)], why, back]


def _letters(breach: Breach, *, zone: str) -> Iterable[Part]:
    sent = PeopleLetter.objects.filter(breach=breach, sent_at__isnull=False).select_related("notice").order_by("pk")
    for letter in sent:
        assert letter.notice is not None
        counted = progress(letter.notice)
        yield Pairs(
            [
                (_("Notice"), f"{ref('notice', letter.notice.pk)}, {moment(letter.sent_at, zone)}"),
                (_("Told"), _("%(told)s of %(of)s") % {"told": counted.told, "of": counted.of}),
                (
                    _("Not reached by mail"),
                    str(
                        sum(
                            counted.by_state[one]
                            for one in (Told.UNREACHABLE, Told.BOUNCED, Told.REFUSED, Told.UNCLEAR)
                        )
                    ),
                ),
                (_("Told by hand"), str(counted.by_state[Told.BY_HAND])),
            ]
        )
        for text in letter.notice.texts.order_by("pk"):
            yield Heading(f"{text.language}: {text.subject}", level=2)
            yield Paragraph(text.words)
    if not sent:
        yield Paragraph(_("Nothing was sent to them."))


def timeline(breach: Breach) -> list[tuple[datetime, str, str]]:
    """What happened when, oldest first: at, what, who."""
    incident = breach.incident
    found = [
        (incident.happened_at, _("It happened"), ""),
        (breach.aware_at, _("We became aware; 72 hours run"), ""),
        (breach.begun_at, _("Put into the register"), breach.begun_by.name if breach.begun_by else ""),
    ]
    found += [
        (fixed.at, _("The moment of becoming aware was corrected: %(why)s") % {"why": fixed.reason}, _name(fixed))
        for fixed in breach.corrections.select_related("by")
    ]
    found += [
        (risk.at, _("Decided: %(level)s") % {"level": sayings.level_words(risk.level)}, _name(risk))
        for risk in breach.risks.select_related("by")
    ]
    for one in breach.exemptions.select_related("by", "taken_back_by"):
        found.append((one.at, sayings.exempt_words(one.sort), _name(one)))
        if one.taken_back_at:
            back = one.taken_back_by.name if one.taken_back_by else ""
            found.append((one.taken_back_at, _("Taken back: %(why)s") % {"why": one.taken_back_why}, back))
    for said in breach.documented.select_related("by"):
        found.append((said.at, _("Facts, effects and remedial action written down"), _name(said)))
    for report in queries.sent_reports(breach):
        words = _("Report to %(who)s, phase %(phase)s") % {"who": report.sent_to, "phase": report.phase}
        found.append((report.sent_at or report.written_at, words, report.sent_by.name if report.sent_by else ""))
    for letter in breach.letters.filter(sent_at__isnull=False).select_related("written_by"):
        who = letter.written_by.name if letter.written_by else ""
        found.append((letter.sent_at or letter.written_at, _("The people concerned were sent word"), who))
    ends = [
        (breach.missed_at, _("The 72 hours ended, and the authority had not been told")),
        (breach.controller_told_at, _("The controller was told")),
        (breach.closed_at, _("Closed")),
    ]
    found += [(at, words, "") for at, words in ends if at]
    return sorted(found, key=lambda one: one[0])


def _name(said: Any) -> str:
    return said.by.name if said.by else ""


def register_pdf(breaches: Iterable[Breach], *, zone: str, now: datetime) -> bytes:
    """The register of Art. 33(5): every breach, also those of which nobody had to be told."""
    rows = [_line(breach, zone=zone) for breach in breaches]
    head = [_("No."), _("Aware"), _("Facts"), _("Effects"), _("Remedial action"), _("Risk, authority, people")]
    parts: list[Part] = [
        Paragraph(
            _(
                "Every personal data breach, with its facts, its effects and the remedial action taken: Art. 33(5) of "
                "Regulation (EU) 2016/679."
            ),
            is_faint=True,
        ),
        Table(head, rows, widths=[1, 2, 4, 3, 3, 4]) if rows else Paragraph(_("There has been none.")),
    ]
    return _file(_("Register of personal data breaches"), parts, zone=zone, now=now)


def _line(breach: Breach, *, zone: str) -> list[str]:
    words = queries.newest_words(breach)
    level = getattr(breach, "level", None)
    told = [sayings.level_words(level)]
    if breach.reported_at:
        at = {"at": moment(breach.reported_at, zone)}
        told.append(_("authority told %(at)s") % at if not _late(breach) else _("authority told late, %(at)s") % at)
        told += _late(breach)
    if breach.told_at:
        told.append(_("people told %(at)s") % {"at": moment(breach.told_at, zone)})
    told += [f"{sayings.exempt_words(one.sort)}: {one.reason}" for one in _exemptions(breach) if not one.taken_back_at]
    facts = f"{breach.incident.title}\n{words.facts if words else ''}".strip()
    return [
        str(breach.pk),
        moment(breach.aware_at, zone),
        facts,
        words.effects if words else "",
        words.action if words else "",
        "\n".join(told),
    ]


def _late(breach: Breach) -> list[str]:
    """Why the report came late; empty where it did not."""
    if breach.reported_at is None or breach.reported_at <= breach.report_by:
        return []
    return queries.reasons_for_delay(breach) or [_("no reason given")]


def plain(breach: Breach) -> dict[str, Any]:
    """The whole file as plain values, for a program or for a person with another tool."""
    words = queries.newest_words(breach)
    return {
        "breach": breach.ref,
        "incident": breach.incident.ref,
        "title": breach.incident.title,
        "happened_at": breach.incident.happened_at,
        "aware_at": breach.aware_at,
        "report_by": breach.report_by,
        "party": breach.party,
        "controller": breach.controller,
        "countries": breach.countries,
        "reported_at": breach.reported_at,
        "reported_late": bool(_late(breach)),
        "reasons_for_delay": _late(breach),
        "told_at": breach.told_at,
        "missed_at": breach.missed_at,
        "closed_at": breach.closed_at,
        "facts": words.facts if words else "",
        "effects": words.effects if words else "",
        "remedial_action": words.action if words else "",
        "risks": [{"level": one.level, "reason": one.reason, "at": one.at} for one in breach.risks.order_by("pk")],
        "exemptions": [
            {
                "sort": one.sort, "article": ARTICLES[Exempt(one.sort)], "reason": one.reason, "instead": one.instead, "at": one.at,
                "taken_back_at": one.taken_back_at, "taken_back_why": one.taken_back_why,
            }
            for one in breach.exemptions.order_by("pk")
        ],
        "reports": [plain_report(one) for one in queries.sent_reports(breach)],
        "notices": [
            {
                "notice": ref("notice", one.notice_id or 0), "sent_at": one.sent_at,
                "told": progress(one.notice).by_state if one.notice else {},
            }
            for one in breach.letters.filter(sent_at__isnull=False).select_related("notice").order_by("pk")
        ],
    }  # fmt: skip


def plain_report(report: Report) -> dict[str, Any]:
    return {
        "phase": report.phase,
        **{field.value: getattr(report, field) for field in Field},
        "to_follow": report.to_follow,
        "follows_by": report.follows_by,
        "reason_for_delay": report.reason_for_delay,
        "authority": report.sent_to,
        "how": report.how,
        "receipt": report.receipt,
        "sent_at": report.sent_at,
    }
