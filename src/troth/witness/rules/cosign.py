"""Whether a witness cosigns a head, by what it cosigned before (c2sp.org/tlog-witness); pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from troth.ledger.rules.cosigning import Asked
from troth.ledger.rules.note import NotSigned, Verifier
from troth.ledger.rules.tree import EMPTY, ProofWrong, check_consistency
from troth.witness.rules.head import Head


@dataclass(frozen=True)
class Verdict:
    """What to answer. *says_size*: together with the size that was cosigned last. *contradicts*: the log took something back."""

    status: HTTPStatus
    words: str
    says_size: bool = False
    contradicts: bool = False

    @property
    def cosigns(self) -> bool:
        return self.status is HTTPStatus.OK


def decide(asked: Asked, head: Head, *, keys: Sequence[Verifier], last: Head | None) -> Verdict:
    """Whether to cosign *head*, of a log that signs with *keys*, and of which *last* was cosigned; in the specification's order."""
    if not keys:
        return Verdict(HTTPStatus.NOT_FOUND, "This witness does not know that log.")
    try:
        head.note.check(*keys)
    except NotSigned as error:
        return Verdict(HTTPStatus.FORBIDDEN, str(error))
    if asked.old > head.size:
        return Verdict(HTTPStatus.BAD_REQUEST, "The old size is larger than the new one.")
    size, root = (last.size, last.root) if last else (0, EMPTY)
    if head.size == size and head.root != root:
        return Verdict(HTTPStatus.CONFLICT, f"Another root of {size} entries was cosigned.", True, contradicts=True)
    if asked.old != size:
        return Verdict(HTTPStatus.CONFLICT, f"The last one cosigned had {size} entries.", says_size=True)
    try:
        check_consistency(old=size, new=head.size, old_root=root, new_root=head.root, path=asked.path)
    except ProofWrong as error:
        return Verdict(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), contradicts=True)
    return Verdict(HTTPStatus.OK, f"{head.size} entries.")
