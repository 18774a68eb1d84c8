"""What a person is told about their wish to be forgotten: that it was done, or why it was not (GDPR 12(3) and (4))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from troth.inbox import erasing as inbox
from troth.people.models import Staff
from troth.people.queries import address_of, company_name
from troth.post import actions as post
from troth.post import erasing
from troth.post.models import UNDER_WAY, Letter
from troth.post.rules.letter import LetterNotSound
from troth.privacy.models import Erasure, Request
from troth.words.addresses import AddressNotSound
from troth.words.refs import ref

#: How the keys of last letters begin: they belong to no customer any more, and are emptied once they have left.
LAST = "erased:"


def refused(request: Request, *, words: str, by: Staff, now: datetime) -> Letter | None:
    """Why they are not forgotten, and where they can complain; None where no letter reaches them: their page says it."""
    text = [
        _("Hello,"),
        _("You asked us to erase what we hold about you. We have not done so, and this is why:"),
        words,
        _("You can complain about this to the data protection authority where you live or work, or go to court."),
        f"{by.name}, {company_name()}",
    ]
    handle = address_of(request.customer_id)
    if handle is None:
        return None
    return _handed(
        key=f"refused:{request.reference}",
        to_address=handle.address,
        subject=_("Your wish to be forgotten"),
        text="\n\n".join(text),
        because=request.reference,
        customer_id=request.customer_id,
        automatic=False,
        now=now,
    )


def erased(erasure: Erasure, *, customers: Sequence[int], now: datetime) -> Letter | None:
    """To who asked: it is done. The last letter; it names nobody, belongs to no customer, and is emptied when it has left."""
    handle = address_of(customers[0])
    if erasure.because != Erasure.Because.ASKED or handle is None:
        return None
    text = [
        _("Hello,"),
        _(
            "You asked us to erase what we hold about you. It is done: your name, your addresses, what we wrote to each other "
            "and what we promised you are gone from our records, and the key to what was sealed about you is destroyed."
        ),
        _(
            "Copies in our backups are written over in time, and from one that is put back you are erased again. Receipts that "
            "you kept stay valid."
        ),
        _("You will not hear from us again, unless you write to us. This letter, too, is erased once it has left."),
        company_name(),
    ]
    return _handed(
        key=f"{LAST}{erasure.reference}",
        to_address=handle.address,
        subject=_("It is done: we hold nothing about you any more"),
        text="\n\n".join(text),
        because=ref("erasure", erasure.pk),
        customer_id=None,
        automatic=True,
        now=now,
    )


def _handed(
    *,
    key: str,
    to_address: str,
    subject: str,
    text: str,
    because: str,
    customer_id: int | None,
    automatic: bool,
    now: datetime,
) -> Letter | None:
    try:
        return post.hand_over(
            key=key,
            to_address=to_address,
            subject=subject,
            text=text,
            because=because,
            customer_id=customer_id,
            automatic=automatic,
            now=now,
        )
    except (AddressNotSound, LetterNotSound):
        return None  # a number of a telephone, or what is none


def empty_last() -> int:
    """Empty the last letters that have left, and what came back of them, and let their copies go; how many."""
    left = Letter.objects.filter(key__startswith=LAST).exclude(to_address="").exclude(state__in=UNDER_WAY)
    numbers = list(left.values_list("pk", flat=True))
    letters = Letter.objects.filter(pk__in=numbers)
    erasing.forget_copies(letters)
    inbox.erase(inbox.of_messages([], letters=[ref("letter", pk) for pk in numbers]))
    return erasing.empty(letters)
