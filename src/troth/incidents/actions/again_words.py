"""What is written to those who were hurt before is begun for whoever confirmed that it came back: it waits for words alone."""

from __future__ import annotations

from datetime import datetime

from troth.incidents.actions.drafting import keep_draft
from troth.incidents.models import Draft, Entry, Incident
from troth.incidents.queries import cohorts_told
from troth.incidents.queries_prevention import languages_told
from troth.incidents.rules.held import again_text
from troth.notices.actions import cohorts
from troth.notices.models import Cohort
from troth.notices.rules.conditions import Every, OfCases
from troth.people.models import Staff
from troth.words.refs import ref


def begin_words(incident: Incident, *, by: Staff | None, now: datetime) -> Draft | None:
    """A draft to everybody who was told before; None where nobody by name confirmed it, or they write something already.

    Where nobody was told before, it goes to those whose cases are part of the incident, who are frozen when it is sent.
    """
    if by is None or Draft.objects.filter(incident=incident, by=by, sent_at=None).exists():
        return None
    told = sorted(cohorts_told(incident))
    if not told:
        about = ref("incident", incident.pk)
        conditions = Every((OfCases(incidents=(about,)),))
        told = [cohorts.draft(about=about, conditions=conditions, by=by, now=now).pk]
    spoken = [language for cohort in Cohort.objects.filter(pk__in=told) for language in languages_told(cohort)]
    assert incident.next_word is not None
    return keep_draft(
        incident,
        by=by,
        now=now,
        kind=Entry.Kind.RECURRED.value,
        guided=True,
        texts=[again_text(language, title=incident.title) for language in dict.fromkeys(spoken or ["en"])],
        in_public=incident.is_public,
        cohorts=told,
        happened_at=now,
        next_word_at=incident.next_word.due,
    )
