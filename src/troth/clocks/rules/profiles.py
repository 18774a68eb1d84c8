"""Policies ready to choose: plain, after ISO 10002, and after the UK's DISP; pure.

What the standards leave open is chosen here and can be changed: a profile is where a policy begins.
"""

from __future__ import annotations

from enum import StrEnum

from troth.clocks.rules.length import Length, calendar, working_days, working_time
from troth.clocks.rules.policy import Policy, Rule, Target
from troth.words.clocks import Sort


class Profile(StrEnum):
    PLAIN = "plain"
    ISO_10002 = "iso_10002"
    FCA_DISP = "fca_disp"
    FCA_DISP_PAYMENTS = "fca_disp_payments"


#: Under these a complainant is told in the acknowledgement when the response will come at the latest.
DISP = frozenset({Profile.FCA_DISP, Profile.FCA_DISP_PAYMENTS})
URGENT = frozenset({"high", "critical"})
COMPLAINT = frozenset({"complaint"})


def ready(profile: Profile) -> Policy:
    """The policy of this profile."""
    return Policy(profile.value, (*_OF_COMPLAINTS.get(profile, ()), *PLAIN))


def _answers(length: Length) -> dict[Sort, Target | None]:
    return {Sort.FIRST: Target(length), Sort.NEXT: Target(length)}


#: Working time to an answer, and half of it where it is urgent. What others can read is answered sooner: they watch how long
#: it stands there without a word. Enquiries and complaints that stay with us are owed word on a rhythm, and an end.
PLAIN = (
    Rule(_answers(working_time(hours=1)), urgencies=URGENT, is_public=True),
    Rule(_answers(working_time(hours=2)), is_public=True),
    Rule(_answers(working_time(hours=2)), kinds=COMPLAINT, urgencies=URGENT),
    Rule(_answers(working_time(hours=4)), kinds=COMPLAINT),
    Rule(_answers(working_time(hours=8)), kinds=frozenset({"suggestion", "compliment"}), urgencies=URGENT),
    Rule(_answers(working_time(hours=16)), kinds=frozenset({"suggestion", "compliment"})),
    Rule(_answers(working_time(hours=4)), urgencies=URGENT),
    Rule(_answers(working_time(hours=8))),
    Rule({Sort.UPDATE: Target(working_days(2)), Sort.RESOLUTION: Target(working_days(5))}, kinds=COMPLAINT),
    Rule(
        {Sort.UPDATE: Target(working_days(5)), Sort.RESOLUTION: Target(working_days(10))}, kinds=frozenset({"enquiry"})
    ),
)

_OF_COMPLAINTS: dict[Profile, tuple[Rule, ...]] = {
    # ISO 10002:2018, 7.3 and 7.4: acknowledged immediately and tracked to the end, with its status on request and at regular
    # intervals; 7.7 to 7.9: answered and closed as soon as it can be. The standard names no numbers.
    Profile.ISO_10002: (
        Rule(
            {
                Sort.FIRST: Target(working_days(1), pauses=False),
                Sort.UPDATE: Target(working_days(5), pauses=False),
                Sort.RESOLUTION: Target(working_days(20), warn_percent=70),
            },
            kinds=COMPLAINT,
        ),
    ),
    # DISP 1.6.1R: a prompt written acknowledgement, and kept informed thereafter. DISP 1.5.1R: resolved by the close of the
    # third business day after the day of receipt, a summary resolution communication is enough. DISP 1.6.2R: a final response
    # by the end of eight weeks. These run from receipt to the end whether the complainant answers or not.
    Profile.FCA_DISP: (
        Rule(
            {
                Sort.FIRST: Target(working_days(1), pauses=False),
                Sort.UPDATE: Target(working_days(10), pauses=False),
                Sort.RESOLUTION: Target(calendar(weeks=8), pauses=False, early=working_days(3)),
            },
            kinds=COMPLAINT,
        ),
    ),
    # DISP 1.6.2AR, for payment services and electronic money: a final response by the end of 15 business days, or of 35 where
    # a holding reply within the 15 tells why it takes longer and until when.
    Profile.FCA_DISP_PAYMENTS: (
        Rule(
            {
                Sort.FIRST: Target(working_days(1), pauses=False),
                Sort.UPDATE: Target(working_days(10), pauses=False),
                Sort.RESOLUTION: Target(
                    working_days(15), pauses=False, early=working_days(3), extended=working_days(35)
                ),
            },
            kinds=COMPLAINT,
        ),
    ),
}
