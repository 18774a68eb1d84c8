"""The forms of promise other than "somebody will": each one entry, with sentences that have it and some that do not.

"Will" is read in `troth.reading.clauses`.
"""

from __future__ import annotations

from troth.reading.form import Form
from troth.reading.forms_meant import MEANT
from troth.reading.forms_settled import SETTLED

FORMS: tuple[Form, ...] = (*MEANT, *SETTLED)
"""In the order in which they are tried: of two in one place, the first counts."""

LET_ME_LOOK = next(form for form in FORMS if form.name == "let me look once you have told me")
