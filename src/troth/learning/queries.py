"""Reading what staff said of readings: counted, drawn for review, written out as training data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet

from troth.cases.models import Correction, Message
from troth.cases.rules import kept
from troth.cases.rules.corrections import Field
from troth.learning.rules.measure import Judged
from troth.people.models import Staff
from troth.people.queries import hours_of, sight_values, within_sight, within_sight_sql
from troth.reading import CONFIDENT
from troth.reading.lines import json_line
from troth.words.messages import Kind
from troth.words.refs import ref

#: So many messages are drawn at a time.
DRAWN = 20
#: Up to so many numbers apart the messages are shuffled whole; beyond that numbers are thrown.
SHUFFLED_MOST = 50_000
THROWS, THROWN_AT_ONCE = 20, 400
#: So many messages are written out with one statement.
PAGE = 200


def judged(staff: Staff) -> list[Judged]:
    """What was said of the readings of messages *staff* may see, counted alike by alike; one statement."""
    sql = f"""
    SELECT c.field, c.version, c.drawn, c.said, read.shown, count(*)
      FROM cases_correction c
      JOIN cases_message m ON m.id = c.message_id
      JOIN cases_case k ON k.id = m.case_id
      CROSS JOIN LATERAL (
          SELECT coalesce(jsonb_agg(jsonb_build_array(one.found ->> 'value', (one.found ->> 'confidence')::float >= %(sure)s)
                          ORDER BY one.place), '[]') AS shown
            FROM jsonb_array_elements(c.read) WITH ORDINALITY AS one (found, place)
      ) AS read
     WHERE c.until IS NULL {within_sight_sql("k.team_id")}
     GROUP BY c.field, c.version, c.drawn, c.said, read.shown
     ORDER BY c.version, c.field
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, {"sure": CONFIDENT, **sight_values(staff)})
        return [
            Judged(
                field=field,
                version=version,
                drawn=drawn,
                read=tuple((value, sure) for value, sure in _plain(shown)),
                said=tuple(_plain(said)),
                count=count,
            )
            for field, version, drawn, said, shown, count in cursor.fetchall()
        ]


def _plain(column: Any) -> Any:
    return json.loads(column) if isinstance(column, str) else column


def unreviewed(staff: Staff) -> QuerySet[Message]:
    """What customers wrote that *staff* may see and nobody has looked at yet."""
    looked_at = Correction.objects.filter(message=OuterRef("pk"), until=None)
    return Message.objects.filter(
        ~Exists(looked_at),
        within_sight(staff, team="case__team"),
        direction=Message.Direction.INBOUND,
        automatic=False,
        case__for_staff_only=False,
    ).exclude(text="")


def draw(staff: Staff, *, dice: Random, many: int = DRAWN) -> list[int]:
    """The numbers of *many* messages nobody has looked at, each as likely as any other; fewer where there are no more."""
    rows = unreviewed(staff)
    ends = Message.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["last"] is None:
        return []
    found: list[int] = []
    if ends["last"] - ends["first"] > SHUFFLED_MOST:
        # A number that is thrown and is no such message is thrown away, so that gaps favour nobody.
        for _throw in range(THROWS):
            thrown = {dice.randint(ends["first"], ends["last"]) for _ in range(THROWN_AT_ONCE)} - set(found)
            found += rows.filter(pk__in=thrown).values_list("pk", flat=True)
            if len(found) >= many:
                break
    if len(found) < many:
        found = list(rows.order_by("?").values_list("pk", flat=True)[:many])
    dice.shuffle(found)
    return found[:many]


def lines(staff: Staff | None) -> Iterator[str]:
    """Each message somebody looked at as a line of JSON, with the fields they looked at; all of them where *staff* is nobody.

    In the form that `troth eval reading` measures against. A page a statement, so that there may be any number.
    """
    hours = hours_of()
    holding = Prefetch("corrections", Correction.objects.filter(until=None).order_by("pk"))
    last = 0
    while True:
        rows = list(
            Message.objects.filter(
                Exists(Correction.objects.filter(message=OuterRef("pk"), until=None)),
                within_sight(staff, team="case__team") if staff else Q(),
                pk__gt=last,
            )
            .exclude(text="")
            .order_by("pk")
            .only("pk", "at", "text", "reading")
            .prefetch_related(holding)[:PAGE]
        )
        for message in rows:
            place = {"tz": hours.zone, "country": hours.country}
            yield json_line(_line(message, list(message.corrections.all())) | place)
        if len(rows) < PAGE:
            return
        last = rows[-1].pk


def _line(message: Message, holding: list[Correction]) -> dict[str, Any]:
    said = {Field(row.field): row.said for row in holding}
    line: dict[str, Any] = {
        "id": ref("message", message.pk),
        "at": message.at.isoformat(),
        "direction": "inbound",
        "language": kept.from_plain(message.reading).language,
        "text": message.text,
        "drawn": all(row.drawn for row in holding),
        "read_by": sorted({row.version for row in holding}),
    }
    if Field.EMOTIONS in said:
        line["emotions"] = said[Field.EMOTIONS]
    if Field.KIND in said:
        [line["kind"]] = said[Field.KIND]
        line["complaint"] = line["kind"] == Kind.COMPLAINT
    if Field.CAUSES in said:
        line["cause"] = next(iter(said[Field.CAUSES]), None)
        line["causes"] = said[Field.CAUSES]
    if Field.URGENCY in said:
        [line["urgency"]] = said[Field.URGENCY]
    if Field.REMEDIES in said:
        line["remedies"] = said[Field.REMEDIES]
    return line
