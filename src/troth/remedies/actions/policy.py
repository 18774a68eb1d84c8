"""Another version of the policy is put in force."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.ledger import queries as ledger
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.remedies import queries
from troth.remedies.actions import facts_of
from troth.remedies.models import Mark
from troth.remedies.models import Policy as Version
from troth.remedies.rules.policy import Policy, digest_of
from troth.words import facts
from troth.words.refs import ref


@transaction.atomic
def set_policy(found: Policy, *, by: Staff | None, now: datetime) -> Version:
    """From now on these limits and standards hold; what was offered under another version stays as it is."""
    plain = found.to_plain()
    version = Version.objects.create(from_at=now, made_at=now, by=by, plain=plain)
    append(
        facts.RemedyPolicyChanged(
            about=ref("remedy_policy", version.pk),
            profile=found.profile,
            from_at=now,
            digest=digest_of(plain),
            by=facts_of.by_ref(by),
        ),
        now=now,
    )
    # What happened before there was any policy raises nothing.
    Mark.objects.get_or_create(pk=1, defaults={"position": ledger.head()})
    queries.versions.forget()
    return version
