"""The public page on an invented day, made from a snapshot as the lane makes it; and where staff arrange it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.house.pages import NOW, STAFF, at
from troth.status import pages as made
from troth.status.rules.snapshot import Incident, Part, Planned, Said, Snapshot, Version, Wording
from troth.status.rules.standing import Share, Span, Standing, strip

ID = UUID("6f2c9f3e-1d0a-4c55-9f0f-0a1b2c3d4e5f")
DAY = timedelta(days=1)
ASH = (
    "The drying oven stands still, so tables of ash leave four days later than we told you. We should have had a second"
    " one. It is repaired on Friday; until then you may choose oak, at no extra cost."
)


def incident(number: int, title: str, *, severity: str, open_: bool, ago: int) -> Incident:
    before = (Wording("The drying oven is slow.", at(days=-ago, hours=1)),) if open_ else ()
    lines = [
        Said(1, "began", ASH, at(days=-ago), at(days=-ago, hours=1), at(days=-ago, hours=3) if before else None, before)
    ]
    if not open_:
        lines.append(Said(2, "ended", "The oven dries again.", at(days=1 - ago), at(days=1 - ago, minutes=20)))
    return Incident(
        number=number, public_id=UUID(int=ID.int + number), title=title, sort="late", severity=severity,
        state="open" if open_ else "watching", components=("Tables",), places=("Kiel",), happened_at=at(days=-ago),
        first_signal_at=at(days=-ago, minutes=20), said_at=at(days=-ago, hours=1),
        ended_at=None if open_ else at(days=1 - ago), next_word_at=at(days=1) if open_ else None,
        watched_until=None if open_ else at(days=20), lines=tuple(lines),
    )  # fmt: skip


def part(name: str, standing: Standing, spans: list[Span], *, group: str = "", description: str = "") -> Part:
    return Part(
        name=name, description=description, group=group, since=at(days=-70), standing=standing,
        days=strip(spans, since=at(days=-70), now=NOW, zone="Europe/Berlin"),
        share=Share(0.98765, len(spans), at(days=-70), at()),
    )  # fmt: skip


def snapshot() -> Snapshot:
    now_on = incident(1, "Tables of ash come later", severity="major", open_=True, ago=1)
    over = incident(2, "Letters went unanswered for a day", severity="minor", open_=False, ago=5)
    spans = [now_on.span, over.span, Span(Standing.CRITICAL, at(days=-40), at(days=-39))]
    versions = (
        Version("New saws", "The workshop is loud.", at(days=6), at(days=6, hours=4), at(days=-3), ("Tables",)),
        Version("New saws", "The workshop is loud.\nIt is closed to visitors.", at(days=7), at(days=7, hours=4), at(days=-1)),
    )  # fmt: skip
    return Snapshot(
        company="Harbour & Pine", zone="Europe/Berlin", url="https://promises.harbourpine.example/status", now=NOW,
        components=(
            part("Tables", Standing.MAJOR, spans, group="Workshop", description="Made to order"),
            part("Chairs", Standing.WELL, [], group="Workshop"),
            part("Web shop", Standing.WORK, [Span(Standing.WORK, at(days=-1), at(days=1))], group="Online"),
        ),
        places=(part("Kiel", Standing.MAJOR, [now_on.span]),),
        incidents=(now_on, over),
        planned=(Planned(1, ID, versions), Planned(2, UUID(int=9), versions[:1], at(days=-1))),
    )  # fmt: skip


def pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    shown = snapshot()
    front, month = made.front(shown), made.history(shown, None)
    one = made.incident_page(shown, shown.incidents[0])
    yield "status-away", front.template, front.values | {"checked": "Thu 26 Nov 2026, 15:00 CET"}
    yield "status-month", month.template, month.values
    yield "status-incident", one.template, one.values
    empty = made.front(Snapshot("Harbour & Pine", "Europe/Berlin", "https://x.example/status", NOW, (), (), (), ()))
    yield "status-empty", empty.template, empty.values
    public = {"company": "Harbour & Pine", "zone": "Europe/Berlin", "now": NOW, "csrf_input": ""}
    choices = {
        "components": [{"id": 1, "name": "Tables", "chosen": True}, {"id": 2, "name": "Web shop", "chosen": False}],
        "places": [{"id": 1, "name": "Kiel", "chosen": False}],
    }
    wrong = "Give an address such as ann@example.org."
    error = {"email": "ann", "email_error": wrong, "errors": [{"id": "id_email", "words": wrong}]}
    yield "status-subscribe", "status/subscribe.html", {**public, **choices, **error}
    yield "status-yours", "status/yours.html", {**public, **choices, "state": "asked", "address": "ann@example.net"}
    row = {
        "id": "component-1", "pk": 1, "name": "Tables", "group": "Workshop", "description": "Made to order",
        "former": ["Desks"], "standing": "major",
    }  # fmt: skip
    gone = {**row, "id": "component-2", "pk": 2, "name": "Shelves"}
    kinds = [
        {"kind": "component", "words": "Components", "groups": True, "rows": [row], "retired": [gone]},
        {"kind": "place", "words": "Places", "groups": False, "rows": [], "retired": []},
    ]  # fmt: skip
    yield (
        "status-arrange",
        "status/arrange.html",
        {
            **STAFF,
            "kinds": kinds,
            "wrong": {"at": ""},
            "errors": [],
            "planned": [
                {"pk": 1, "title": "New saws", "from_at": at(days=7), "until": at(days=7, hours=4), "state": "To come"}
            ],
            "subscribers": "214 subscribers",
            "unknown": [{"incident": 3, "title": "Tables come later", "name": "Tabels", "href": "#"}],
        },
    )
    said = {
        "title": "New saws",
        "words": "The workshop is loud.",
        "from_at": "2026-12-03T08:00",
        "until": "2026-12-03T07:00",
    }
    late = "It ends after it begins, and not in the past."
    versions = [
        {"number": 1, "title": "New saws", "words": "Loud.", "from_at": at(days=7), "until": at(days=7, hours=4),
         "said_at": at(days=-1), "by": "Mina Sato"}
    ]  # fmt: skip
    plan = {
        **STAFF,
        "components": choices["components"],
        "areas": choices["places"],
        "pk": 1,
        "is_off": False,
        "said": said,
        "wrong": {"until": late},
        "versions": versions,
    }
    yield "status-plan", "status/plan.html", {**plan, "errors": [{"id": "id_until", "words": late}]}
