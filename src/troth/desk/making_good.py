"""What a lead sees of making good: how long remedies take, and what fails most and how long it takes to be over.

Two statements and two tables. By the clock, nights and Sundays too: who waits for their money waits then as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from troth.desk import leading_sql as sql
from troth.desk.leading import CASES_MOST, Asked
from troth.desk.rules.sheet import Cell, Column, Holds, Sheet
from troth.desk.rules.spread import Spread
from troth.people.queries import within_sight_sql

MEDIAN, MOST = 0.5, 0.9
#: Products with most against them first; so many of them.
PRODUCTS_SHOWN = 50
STEPS = ("offered", "accepted", "given")

# An offer that waits for somebody's authority is none yet: the customer hears of it when it is authorised.
REMEDIES = """
WITH r AS (
    SELECT *, CASE WHEN waited THEN authorised_at ELSE offered_at END AS told_at FROM remedies_remedy r
     WHERE r.made_at < %(until)s {remedy_sight} {remedy_team}
), step AS (
    SELECT 'offered' AS step, sought_at AS since, told_at AS done_at, ended_at, false AS missed FROM r
     WHERE sought_at >= %(since)s AND sought_at < %(until)s
     UNION ALL
    SELECT 'accepted', told_at, accepted_at, ended_at, false FROM r
     WHERE asks AND told_at >= %(since)s AND told_at < %(until)s
     UNION ALL
    SELECT 'given', owed_at, given_at, ended_at, COALESCE(given_at > due, missed_at IS NOT NULL) FROM (
        SELECT *, COALESCE(accepted_at, told_at, made_at) AS owed_at FROM r WHERE due IS NOT NULL) AS owed
     WHERE owed_at >= %(since)s AND owed_at < %(until)s
)
SELECT step, CASE WHEN done_at IS NOT NULL THEN 'done' WHEN ended_at IS NOT NULL THEN 'ended' ELSE 'waits' END,
       {span}, count(*), count(*) FILTER (WHERE missed)
  FROM step GROUP BY 1, 2, 3
"""

# Of a complaint: the product of the incident it is part of; else the only one its customer ordered in the year before it.
PRODUCTS = """
WITH incident AS (
    SELECT lower(i.product) AS key, i.product AS name, i.ended_at IS NOT NULL AS over, {span} AS bin FROM incidents_incident i
     WHERE i.happened_at >= %(since)s AND i.happened_at < %(until)s {incident_sight} {incident_team}
), complaint AS (
    SELECT COALESCE(NULLIF(i.product, ''), bought.product, '') AS name FROM (
        SELECT k.* FROM cases_case k
         WHERE k.kind = 'complaint' AND NOT k.imported AND k.opened_at >= %(since)s AND k.opened_at < %(until)s {sight} {team}
         ORDER BY k.opened_at DESC, k.id DESC LIMIT %(most)s) AS k
      JOIN people_customer c ON c.id = k.customer_id
      LEFT JOIN incidents_incident i ON k.incident = 'incident:' || i.id
      LEFT JOIN LATERAL (
          SELECT CASE WHEN count(DISTINCT lower(o.product)) = 1 THEN min(o.product) END AS product
            FROM people_customer f JOIN orders_order o ON o.customer_id = f.id
           WHERE (f.id = COALESCE(c.root_id, c.id) OR f.root_id = COALESCE(c.root_id, c.id)) AND o.product <> ''
             AND o.ordered_at <= k.opened_at AND o.ordered_at > k.opened_at - interval '1 year') AS bought ON true
)
SELECT key, min(name), 'incident', over, bin, count(*) FROM incident GROUP BY key, over, bin
 UNION ALL
SELECT lower(name), min(name), 'complaint', NULL, NULL, count(*) FROM complaint GROUP BY lower(name)
"""


@dataclass
class Step:
    """One step on the way of a remedy: how long it took, how often it came to nothing, and how often it was late."""

    spread: Spread = field(default_factory=Spread)
    ended: int = 0
    missed: int = 0


@dataclass
class Product:
    """What failed about one product."""

    name: str
    incidents: Spread = field(default_factory=Spread)
    complaints: int = 0


def _rows(text: str, values: dict[str, Any], **parts: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql.written(text, **parts), values)
        return list(cursor.fetchall())


def remedies(asked: Asked) -> dict[str, Step]:
    """The steps that began in the window. What goes on, and what came to nothing, counts with the time until then."""
    parts = {
        "remedy_sight": within_sight_sql("r.team_id"),
        "remedy_team": sql.TEAM.format(team="r.team_id"),
        "span": sql.BIN.format(span="(COALESCE(done_at, ended_at, %(now)s) - since)"),
    }
    found: dict[str, Step] = defaultdict(Step)
    for step, state, at, count, missed in _rows(REMEDIES, asked.values(), **parts):
        one = found[step]
        (one.spread.ended if state == "done" else one.spread.waits)[at] += count
        one.ended += count if state == "ended" else 0
        one.missed += missed
    return found


def products(asked: Asked) -> list[Product]:
    """What failed in the window, what most is against first."""
    parts = {
        "incident_sight": within_sight_sql("i.team_id"),
        "incident_team": sql.TEAM.format(team="i.team_id"),
        "span": sql.BIN.format(span="(COALESCE(i.ended_at, %(now)s) - i.happened_at)"),
    }
    found: dict[str, Product] = {}
    for key, name, what, over, at, count in _rows(PRODUCTS, asked.values(most=CASES_MOST), **parts):
        one = found.setdefault(key, Product(name))
        if what == "complaint":
            one.complaints += count
        else:
            (one.incidents.ended if over else one.incidents.waits)[at] += count
    return sorted(found.values(), key=lambda one: (not one.name, -one.incidents.n, -one.complaints, one.name))


def remedy_sheet(found: dict[str, Step]) -> Sheet:
    words = {
        "offered": _("From being asked for until it was offered"),
        "accepted": _("From the offer until the customer’s yes"),
        "given": _("From being owed until it was given"),
    }
    columns = [
        Column("step", _("Step")),
        Column("median", _("Median"), Holds.SPAN),
        Column("most", _("9 of 10 within"), Holds.SPAN),
        Column("n", _("Number"), Holds.COUNT),
        Column("done", _("Done"), Holds.COUNT),
        Column("waiting", _("Still waiting"), Holds.COUNT),
        Column("ended", _("Came to nothing"), Holds.COUNT),
        Column("missed", _("Missed"), Holds.COUNT),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "step": words[name],
            "median": one.spread.quantile(MEDIAN),
            "most": one.spread.quantile(MOST),
            "n": one.spread.n,
            "done": one.spread.answered,
            "waiting": one.spread.waiting - one.ended,
            "ended": one.ended,
            "missed": one.missed if name == "given" else None,
        }
        for name in STEPS
        if (one := found.get(name))
    ]
    return Sheet("remedies", _("How long making good takes"), columns, rows)


def product_sheet(found: list[Product]) -> Sheet:
    columns = [
        Column("product", _("Product")),
        Column("incidents", _("Incidents"), Holds.COUNT),
        Column("over", _("Over"), Holds.COUNT),
        Column("median", _("Median until over"), Holds.SPAN),
        Column("most", _("9 of 10 within"), Holds.SPAN),
        Column("complaints", _("Complaints"), Holds.COUNT),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "product": one.name or _("Not known, or several"),
            "incidents": one.incidents.n,
            "over": one.incidents.answered,
            "median": one.incidents.quantile(MEDIAN),
            "most": one.incidents.quantile(MOST),
            "complaints": one.complaints,
        }
        for one in found[:PRODUCTS_SHOWN]
    ]
    return Sheet("products", _("What fails, by product"), columns, rows)
