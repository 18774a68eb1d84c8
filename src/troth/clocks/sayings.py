"""Clocks, targets and policies in words for people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.clocks.rules.policy import Target
from troth.clocks.rules.profiles import Profile
from troth.clocks.rules.typed import TypedRule
from troth.clocks.rules.written import write_length
from troth.words.clocks import Sort


def sort_words(sort: Sort) -> str:
    return {
        Sort.FIRST: _("First answer"),
        Sort.NEXT: _("Next answer"),
        Sort.UPDATE: _("Update"),
        Sort.RESOLUTION: _("Resolution"),
    }[sort]


def profile_words(profile: Profile) -> tuple[str, str]:
    """Its name, and what it is for."""
    return {
        Profile.PLAIN: (
            _("Plain"),
            _("Answers within hours, complaints and urgent matters sooner; word on a rhythm while a matter is open."),
        ),
        Profile.ISO_10002: (
            _("ISO 10002"),
            _("Complaints: answered within a working day, told how it stands every week, closed within twenty days."),
        ),
        Profile.FCA_DISP: (
            _("UK FCA DISP"),
            _(
                "Complaints: acknowledged promptly, settled by the third business day where it can be, a final response"
                " within eight weeks. These clocks never pause."
            ),
        ),
        Profile.FCA_DISP_PAYMENTS: (
            _("UK FCA DISP, payment services"),
            _(
                "Complaints about payments: a final response within fifteen business days, or thirty-five where a holding"
                " reply says why."
            ),
        ),
    }[profile]


def kind_words(kind: str) -> str:
    return {
        "enquiry": _("Enquiries"),
        "complaint": _("Complaints"),
        "suggestion": _("Suggestions"),
        "compliment": _("Compliments"),
    }.get(kind, kind)


def urgency_words() -> list[tuple[str, str]]:
    return [("", _("Urgent or not")), ("yes", _("Urgent")), ("no", _("Not urgent"))]


def audience_words() -> list[tuple[str, str]]:
    return [("", _("In public or not")), ("yes", _("In public")), ("no", _("Not in public"))]


def channel_choices() -> list[tuple[str, str]]:
    return [
        ("email", _("Mail")),
        ("webform", _("Web form")),
        ("chat", _("Chat")),
        ("api", _("API")),
        ("phone", _("Phone")),
        ("talk", _("Face to face")),
        ("social", _("Social networks")),
    ]


def group_words(rule: TypedRule) -> str:
    """Which cases a rule speaks of."""
    named = dict(channel_choices())
    parts = [
        ", ".join(kind_words(kind) for kind in sorted(rule.kinds)) or _("Every case"),
        dict(urgency_words()).get(rule.urgent, "").lower() if rule.urgent else "",
        dict(audience_words()).get(rule.public, "").lower() if rule.public else "",
        ", ".join(named.get(channel, channel) for channel in sorted(rule.channels)),
        _("of %(groups)s") % {"groups": rule.groups} if rule.groups else "",
    ]
    return ", ".join(filter(None, parts))


def length_words(target: Target | None) -> str:
    """How long a target gives, and whether it goes on while we wait; "" for none."""
    if target is None:
        return ""
    words = write_length(target.length)
    if target.early:
        words = _("%(words)s (%(early)s where it can be)") % {"words": words, "early": write_length(target.early)}
    return words
