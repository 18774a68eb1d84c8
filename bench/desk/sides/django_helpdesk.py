"""django-helpdesk, as its guide sets it up."""

from __future__ import annotations

import logging
import os
import sys
from base64 import b64encode
from json import dumps
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORDS = HERE.parents[1] / "words.sql"
sys.path.insert(0, str(HERE.parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "bench.desk.sides.helpdesk_settings"


def _fill(users: Any, count: int) -> None:
    """Twenty people, one queue, and *count* tickets with their answers."""
    from django.db import connection
    from helpdesk.models import Queue

    made = [
        users.objects.create_user(f"staff{number}", f"staff{number}@parcel.example", is_staff=True, is_superuser=True)
        for number in range(1, 21)
    ]
    queue = Queue.objects.create(title="Support", slug="support", email_address="support@parcel.example")
    asked = {"count": count, "queue": queue.pk, "staff": made[0].pk}
    with connection.cursor() as cursor:
        cursor.execute(WORDS.read_text())
        for statement in (HERE / "helpdesk.sql").read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, asked)


def main() -> None:
    import django

    django.setup()
    from bench.desk.letters import ASKED, REPLY, WORD, letter
    from bench.desk.sides.common import DjangoMeter, serve
    from bench.door import Wsgi
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import Client
    from django.utils.crypto import get_random_string
    from helpdesk.email import extract_email_metadata
    from helpdesk.models import Queue, Ticket

    logging.disable(logging.ERROR)
    users = get_user_model()
    if not (Path(os.environ["DESK_FILES"]) / "filled").exists():
        call_command("migrate", verbosity=0)
        _fill(users, int(sys.argv[1]))
    queue = Queue.objects.get()
    browser = Client()
    browser.force_login(users.objects.get(username="staff20"))
    token = get_random_string(32)
    page = Wsgi(
        get_wsgi_application(),
        {"sessionid": browser.cookies["sessionid"].value, "csrftoken": token},
        headers={"HTTP_X_CSRFTOKEN": token},
    )
    some = list(Ticket.objects.order_by("-created").values_list("pk", flat=True)[:400])

    def rows(search: str = "") -> None:
        """What the list's own script asks for once the page is there; the words go into its search box."""
        query = {"filtering": {"status__in": [1, 2]}, "filtering_null": {}, "sorting": "created", "sortreverse": False,
                 "search_string": search}  # fmt: skip
        if search:
            query["filtering"] = {}
        coded = b64encode(dumps(query).encode()).decode()
        page.get(
            f"/datatables_ticket_list/{coded}?draw=1&start=0&length=25&order%5B0%5D%5Bcolumn%5D=0"
            "&order%5B0%5D%5Bdir%5D=desc&search%5Bvalue%5D="
        )

    def whole_list(number: int) -> None:
        page.get("/tickets/")
        rows()

    def create(number: int) -> None:
        page.post(
            "/tickets/submit/",
            {
                "queue": queue.pk,
                "title": f"Where is parcel {number}?",
                "body": ASKED,
                "submitter_email": f"customer{number % 500 + 1}@example.net",
                "priority": 3,
            },
        )

    def reply(number: int) -> None:
        page.post(
            f"/tickets/{some[number % len(some)]}/update/",
            {"comment": f"{REPLY} ({number})", "public": "1", "new_status": "1", "priority": 3, "owner": "0",
             "title": "Where is it?", "queue": queue.pk},
        )  # fmt: skip

    def mail_in(number: int) -> None:
        if extract_email_metadata(letter(number).decode(), queue, logging.getLogger("helpdesk")) is None:
            raise RuntimeError("The letter made no ticket.")

    serve(
        {
            "list": whole_list,
            "case": lambda number: page.get(f"/tickets/{some[number % len(some)]}/"),
            "create": create,
            "reply": reply,
            "search": lambda number: rows(WORD),
            "mail in": mail_in,
        },
        DjangoMeter(),
    )


main()
