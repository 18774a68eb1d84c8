"""What we write to customers about remedies: the offer, what is owed, why without their asking, and that it was given."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from troth.post import actions as post
from troth.post.models import Letter
from troth.post.queries import reply_token
from troth.post.rules.letter import LetterNotSound
from troth.promises.letters import Around, spoken
from troth.remedies.models import Remedy
from troth.words.addresses import AddressNotSound
from troth.words.refs import number_of, ref
from troth.words.remedies import Occasion

log = logging.getLogger(__name__)


def written(remedy: Remedy, *, saying: str, around: Around, words: Sequence[str] = (), now: datetime) -> Letter | None:
    """The letter to its customer, not yet queued; None where there is no address that a letter can reach."""
    handle = around.handles.get(remedy.customer_id)
    if handle is None:
        return None
    zone = remedy.customer.zone or around.zone
    by = remedy.given_by if saying == "given" else remedy.offered_by
    name = remedy.customer.name if by else ""
    values = {
        "name": name,
        "what": remedy.what,
        "due": spoken(remedy.due, zone) if remedy.due else "",
        "days": remedy.days,
        "given": spoken(remedy.given_at, zone) if remedy.given_at else "",
        "proof": remedy.proof_reference,
        "occasion": spoken(remedy.occasion_at, zone) if remedy.occasion_at else "",
        "company": around.company,
        "page": around.pages[remedy.customer_id],
    }
    subject, paragraphs = SAYINGS[saying](values)
    signed = f"{by.name}, {around.company}" if by else around.company
    hello = _("Hello %(name)s,") % values if name else _("Hello,")
    page = _("All we have promised you: %(page)s") % values
    try:
        return post.written(
            post.Outgoing(
                key=f"remedy:{remedy.pk}:{saying}",
                to_address=handle.address,
                to_name=name,
                subject=subject,
                text="\n\n".join([hello, *words, *filter(None, paragraphs), page, signed]),
                because=ref("remedy", remedy.pk),
                customer_id=remedy.customer_id,
                automatic=by is None,
                reply_token=_reply_token(remedy, participant=handle.pk, now=now),
                encloses=[ref("promise", remedy.promise_id)] if remedy.promise_id and saying != "given" else (),
            ),
            now=now,
        )
    except (AddressNotSound, LetterNotSound) as why:
        log.error("A letter about remedy %s cannot be written: %s.", remedy.pk, type(why).__name__)
        return None


def _reply_token(remedy: Remedy, *, participant: int, now: datetime) -> str:
    """An answer to the letter joins the remedy's case."""
    if not remedy.about.startswith("case:"):
        return ""
    return reply_token(case_id=number_of(remedy.about, "case"), participant=participant, now=now)


Values = dict[str, object]


def _offer(values: Values) -> tuple[str, list[str]]:
    return _("What we offer you: %(what)s") % values, [
        _("To make good what went wrong, we offer you this: %(what)s.") % values,
        _(
            "If you say yes, you have it within %(days)s working days. Say yes or no on your page, or answer this letter."
        )
        % values,
        _("Your page: %(page)s") % values,
    ]


def _owed(values: Values) -> tuple[str, list[str]]:
    return _("What you get from us: %(what)s") % values, [
        _("To make good what went wrong, you get this from us: %(what)s.") % values,
        _("You have it by %(due)s. You need not do anything.") % values,
    ]


def _given(values: Values) -> tuple[str, list[str]]:
    return _("Given: %(what)s") % values, [
        _("We gave you what we owed you: %(what)s. That was on %(given)s.") % values,
        _("If you look for it: it has the reference %(proof)s.") % values if values["proof"] else "",
        _("If it has not reached you, answer this letter, and we look into it.") if values["proof"] else "",
    ]


def _missed_appointment(values: Values) -> tuple[str, list[str]]:
    return _("We missed your appointment: %(what)s") % values, [
        _("We had an appointment with you on %(occasion)s, and did not keep it. We are sorry.") % values,
        _("For that you get this from us: %(what)s. You have it by %(due)s. You did not have to ask for it.") % values,
    ]


def _late_delivery(values: Values) -> tuple[str, list[str]]:
    return _("Your order was late: %(what)s") % values, [
        _("We promised you your order for %(occasion)s, and it was not there by then. We are sorry.") % values,
        _("For that you get this from us: %(what)s. You have it by %(due)s. You did not have to ask for it.") % values,
    ]


def _missed_remedy(values: Values) -> tuple[str, list[str]]:
    return _("We owed you something, and are late: %(what)s") % values, [
        _("What we owed you by %(occasion)s was not given by then. We still owe it to you, and we are sorry.") % values,
        _(
            "Because we are late you get this beside it: %(what)s. You have it by %(due)s. You did not have to ask for it."
        )
        % values,
    ]


SAYINGS = {
    "offer": _offer,
    "owed": _owed,
    "given": _given,
    Occasion.MISSED_APPOINTMENT.value: _missed_appointment,
    Occasion.LATE_DELIVERY.value: _late_delivery,
    Occasion.MISSED_REMEDY.value: _missed_remedy,
}
