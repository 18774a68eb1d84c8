"""Letters whose contents a rule lays down (the UK's DISP 1): which there are, what each must say, and how it decided."""

from __future__ import annotations

from enum import StrEnum


class Formal(StrEnum):
    """What an answer to a complaint is in the sense of the rules."""

    #: DISP 1.6.2R(1): the firm's decision, with where to go if it does not satisfy.
    FINAL = "final"
    #: DISP 1.6.2R(2), and 1.6.2AR for payments: why there is no decision yet, and when there will be.
    HOLDING = "holding"
    #: DISP 1.5.4R: the complaint is resolved by the close of the third business day, and they accept it.
    SUMMARY = "summary"


#: With these a complaint has had what the rules ask for at its end.
ENDS = frozenset({Formal.FINAL, Formal.SUMMARY})


class Decision(StrEnum):
    """How a final response decides: DISP 1.6.2R(1)(a) to (c)."""

    ACCEPTS = "accepts"
    #: Some of it is accepted and some is rejected: the one asks for redress, the other for reasons.
    IN_PART = "in_part"
    #: Redress without accepting the complaint.
    OFFERS = "offers"
    REJECTS = "rejects"


class Point(StrEnum):
    """What such a letter must say, in the order in which it is told."""

    #: That they complained, and that we take it as resolved.
    RESOLVED = "resolved"
    DECISION = "decision"
    REDRESS = "redress"
    REASONS = "reasons"
    #: Why there is no decision yet.
    WHY_LONGER = "why_longer"
    #: When there will be one.
    BY_WHEN = "by_when"
    #: They may take it to the ombudsman.
    REFER = "refer"
    SIX_MONTHS = "six_months"
    #: Whether the firm consents to waive the time limits.
    WAIVER = "waiver"
    LEAFLET = "leaflet"
    WEBSITE = "website"
    #: More is to be read on the ombudsman's website.
    MORE = "more"
    PLAIN_WORDS = "plain_words"


class Without(StrEnum):
    """Why a letter left without all that it must say, or a complaint was resolved without one."""

    WITHDRAWN = "withdrawn"
    #: They accepted an earlier answer in writing: DISP 1.6.4R.
    ACCEPTED = "accepted"
    #: It went by another way, or stands in another letter.
    SENT_OTHERWISE = "sent_otherwise"
    #: It is another firm's to answer, and was forwarded: DISP 1.7.
    FORWARDED = "forwarded"
    #: The rules do not cover whoever complained, or what about.
    NOT_COVERED = "not_covered"
    OTHER = "other"
