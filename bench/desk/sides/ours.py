"""Troth, as `troth run` serves it, without the server."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[3]))


def main() -> None:
    import django

    django.setup()
    from bench.desk.letters import ASKED, REPLY, WORD, letter
    from bench.desk.sides.common import DjangoMeter, serve
    from bench.door import Wsgi
    from bench.spine.pages import browser
    from django.utils import timezone

    from troth.cases.models import Case, Message
    from troth.inbox import actions, tasks
    from troth.people import keys
    from troth.people.models import Staff
    from troth.people.rules.keys import Scope
    from troth.site.wsgi import application

    staff = Staff.objects.get(email="staff20@parcel.example")
    page = browser()
    _key, secret = keys.make(name="Bench", staff=staff, scopes=list(Scope), by=staff, now=timezone.now())
    program = Wsgi(application, {}, headers={"HTTP_AUTHORIZATION": f"Bearer {secret}"})
    some = list(Case.objects.order_by("-last_message_at").values_list("pk", flat=True)[:400])
    newest = dict(
        Message.objects.filter(case__in=some, direction="inbound").order_by("pk").values_list("case_id", "pk")
    )
    run = uuid4().hex

    def create(number: int) -> None:
        program.post_json(
            "/api/messages",
            {
                "address": f"customer{number % 500 + 1}@example.net",
                "name": "Ann Archer",
                "subject": f"Where is parcel {number}?",
                "text": ASKED,
                "vouched": True,
            },
            headers={"HTTP_IDEMPOTENCY_KEY": f"{run}-{number}"},
        )

    def reply(number: int) -> None:
        case = some[number % len(some)]
        page.post(f"/cases/{case}/reply/", {"body": f"{REPLY} ({number})", "last_message": newest[case]})

    def mail_in(number: int) -> None:
        actions.capture(
            channel="email",
            outside_id=f"desk-{run}-{number}-{time.time_ns()}",
            source=letter(number),
            received_at=timezone.now(),
            now=timezone.now(),
        )
        if tasks.read_waiting() != 1:
            raise RuntimeError("The letter was not read.")

    serve(
        {
            "list": lambda number: page.get("/cases/"),
            "case": lambda number: page.get(f"/cases/{some[number % len(some)]}/"),
            "create": create,
            "reply": reply,
            "search": lambda number: page.get(f"/search/?words={WORD}"),
            "mail in": mail_in,
        },
        DjangoMeter(),
    )


main()
