"""What was here before the search was is put in: thin, safe to repeat."""

from __future__ import annotations

import time

from troth.search import actions


def catch_up() -> int:
    """It waits as long as it worked after each batch, so that whatever is due meanwhile has half of the processor at least."""
    total = 0
    begun = time.monotonic()
    while done := actions.catch_up():
        total += done
        time.sleep(time.monotonic() - begun)
        begun = time.monotonic()
    return total
