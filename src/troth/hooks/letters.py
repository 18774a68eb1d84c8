"""The letter to whoever runs the installation when an endpoint was switched off."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.hooks.models import Endpoint
from troth.hooks.rules.schedule import Why
from troth.people.models import Staff
from troth.people.rules.roles import Role
from troth.post.actions import hand_over
from troth.post.rules.letter import LetterNotSound
from troth.words.addresses import AddressNotSound

log = logging.getLogger(__name__)


def tell_admins(endpoint: Endpoint, *, why: Why, said: str, now: datetime) -> None:
    """One letter to each of them, for each time it is switched off."""
    reasons = {
        Why.GONE: _("It answered that it is gone for good (410)."),
        Why.FAILING: _("It has taken nothing for three days. Its last answer: %(said)s") % {"said": said or "–"},
    }
    words = {
        "name": endpoint.name,
        "url": endpoint.url,
        "why": reasons.get(why, ""),
        "page": settings.TROTH_URL + reverse("hooks:endpoint", args=[endpoint.pk]),
    }
    text = _(
        "The webhook %(name)s was switched off by itself.\n\n"
        "Address: %(url)s\n"
        "%(why)s\n\n"
        "Nothing is lost: what happens meanwhile is kept for it. When the other side is well again, switch it on, and choose "
        "whether it shall hear of what it missed:\n%(page)s\n"
    )
    for admin in Staff.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk"):
        try:
            hand_over(
                key=f"{endpoint.reference}:off:{now.isoformat()}:{admin.pk}",
                to_address=admin.email,
                to_name=admin.name,
                subject=_("The webhook %(name)s was switched off") % words,
                text=text % words,
                because=endpoint.reference,
                customer_id=None,
                automatic=True,
                now=now,
            )
        except (AddressNotSound, LetterNotSound):
            log.warning("No letter can be written to staff %s; the page of webhooks says it as well.", admin.pk)
