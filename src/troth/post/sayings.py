"""Words for staff about letters, wherever one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def receipts_words(encloses: Sequence[str], enclosed: int | None) -> str:
    """Which receipts go with a letter; empty where it is to carry none."""
    if not encloses:
        return ""
    if enclosed is None:
        return _("waits for its receipt")
    if enclosed == 0:
        return _("left without its receipt")
    return ngettext("with a receipt", "with %(count)s receipts", enclosed) % {"count": enclosed}
