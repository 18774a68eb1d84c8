"""May this sender add to that case? (reliability T2)

A message joins a case only if it brings a proof that we gave to one participant - the token of an answer address, or the
Message-ID of a letter we wrote - *and* its From is that participant, *and* our own mail server vouches for the From. Everything
else opens a case of its own, marked unverified, with a link that staff may follow. Nothing else opens the door: not a number
in the subject, not being in Cc, and not being staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from troth.inbox.rules.incoming import Dmarc


def name_of(name: str, address: str) -> str:
    """The name to know a sender by: what they call themselves, but never somebody else's address (reliability T18)."""
    return address if any(sign in name for sign in "@\uff20\ufe6b") else name


@dataclass(frozen=True)
class Proof:
    """Something only the participant of this case was given."""

    case: int
    participant_address: str


@dataclass(frozen=True)
class Place:
    """Where the message goes. `case` is None for a case of its own."""

    case: int | None
    sender_is_verified: bool
    suggested_case: int | None = None
    why: str = ""
    #: It brought a proof, though perhaps not from the one we gave it to.
    is_proven: bool = True


def place_of(
    *,
    proofs: Sequence[Proof],
    from_address: str,
    from_is_sound: bool,
    dmarc: Dmarc,
    dmarc_is_checked: bool,
    hinted_case: int | None = None,
) -> Place:
    """Where a message goes. *proofs* are valid ones only; a forged or old token is no proof.

    *hinted_case* is what an unproven reference points at; it is only ever a suggestion for staff.
    """
    vouched = from_is_sound and (dmarc is Dmarc.PASS or (not dmarc_is_checked and dmarc is Dmarc.NONE))
    verified = from_is_sound and dmarc is Dmarc.PASS
    suggested = proofs[0].case if proofs else hinted_case
    if not proofs:
        return Place(
            case=None,
            sender_is_verified=verified,
            suggested_case=suggested,
            why="It brings no proof that it answers a letter of ours.",
            is_proven=False,
        )
    if not from_is_sound:
        return Place(case=None, sender_is_verified=False, suggested_case=suggested, why="Its sender is not one person.")
    mine = [proof for proof in proofs if proof.participant_address.lower() == from_address.lower() != ""]
    if not mine:
        return Place(
            case=None,
            sender_is_verified=verified,
            suggested_case=suggested,
            why="It answers a letter that we wrote to somebody else.",
        )
    if not vouched:
        return Place(
            case=None,
            sender_is_verified=False,
            suggested_case=mine[0].case,
            why="Our mail server does not vouch for its sender.",
        )
    return Place(case=mine[0].case, sender_is_verified=verified or not dmarc_is_checked)
