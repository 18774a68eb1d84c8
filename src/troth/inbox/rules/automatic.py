"""Which messages no machine may answer (reliability T5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from troth.inbox.rules.incoming import Origin

Headers = Mapping[str, Sequence[str]]

_BULK = {"bulk", "junk", "list"}
_LIST = ("list-id", "list-post", "list-help", "list-unsubscribe", "list-owner", "mailing-list", "x-mailing-list")
#: How answering machines begin that say nothing else of themselves.
_AWAY = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|away from (?:the |my )?office|"
    r"vacation reply|automatische antwort|abwesenheits(?:notiz|nachricht)|réponse automatique|absence du bureau|respuesta automática|"
    r"fuera de la oficina|automatisch antwoord|afwezig|risposta automatica|fuori sede|resposta automática)\b",
    re.IGNORECASE,
)
_MACHINES = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "do-not-reply@", "donotreply@")


def origin_of(
    headers: Headers, *, from_address: str, own_addresses: Iterable[str], is_report: bool = False, hops: int = 0
) -> Origin:
    """Who wrote it, by its headers (names in lower case). The first reason found counts, the gravest first."""

    def said(name: str) -> str:
        return " ".join(headers.get(name, ())).strip().lower()

    sender = from_address.lower()
    if sender and _base(sender) in {_base(own.lower()) for own in own_addresses}:
        return Origin.OWN
    if is_report or sender.startswith("mailer-daemon@") or (said("return-path") == "<>" and not said("auto-submitted")):
        return Origin.BOUNCE
    if hops > 0 or said("x-loop"):
        return Origin.LOOP
    auto_submitted = said("auto-submitted").split(";")[0].strip()
    if auto_submitted not in ("", "no"):
        return Origin.AUTO_REPLY
    if any(said(name) for name in _LIST) or said("precedence") in _BULK:
        return Origin.MAILING_LIST
    if (
        said("return-path") == "<>"
        or said("precedence") == "auto_reply"
        or said("x-autoreply") not in ("", "no")
        or said("x-autorespond")
        or said("x-auto-response-suppress") not in ("", "none")
        or sender.startswith(_MACHINES)
        or _AWAY.match(" ".join(headers.get("subject", ())))
    ):
        return Origin.AUTO_REPLY
    return Origin.PERSON


def _base(address: str) -> str:
    """The mailbox behind a plus-address."""
    local, _, domain = address.rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}"


_FOR_GOOD = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")


def came_back_for_good(reason: str) -> bool:
    """Whether the status that a bounce begins with is a permanent one (RFC 3463); a delay or a full queue is not."""
    return _FOR_GOOD.match(reason.strip()) is not None
