"""Measure our reading beside its peers, and write what was found into docs/benchmarks.md.

    python -m bench.reading --data FOLDER                     everything, on the sets in FOLDER (see convert.py)
    python -m bench.reading --data FOLDER --only due,emotion --no-write

Each peer runs in an environment of its own, which is made on the first run (--environments says where; MiniLM brings several
gigabytes of torch). Peers take turns of fifty messages. Processor time is each peer's own, loading left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.reading import convert, side
from bench.reading.contests import (
    Contest,
    Entrant,
    Row,
    hold,
    judge_dues,
    judge_labels,
    judge_promises,
    labels_of,
    lines_of,
)
from bench.reading.side import COGEXT, DATES, LANGUAGES, LLAMA, MINILM, NRC, OURS, PATTERNS, TFIDF, VADER, NotInstalled

from troth.reading import VERSION
from troth.reading.evaluation.labelled import Labelled, labelled

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "benchmarks.md"
CORPUS = ROOT / "corpus"
BEGIN, END = "<!-- reading: written by python -m bench.reading -->", "<!-- reading: end -->"
MINILM_LEARNS_FROM, MINILM_READS = 4_000, 1_000
"""It reads about a hundred a second."""

COLUMNS = {
    "promises": {"precision": "precision", "recall": "recall", "f1": "F1", "due_exact": "exact due"},
    "replies": {"message_precision": "precision", "message_recall": "recall", "message_f1": "F1"},
    "due": {
        "due_exact": "exact",
        "due_within_a_day": "within a day",
        "due_not_read": "not read",
        "false_date_rate": "false dates",
    },
    "emotion": {"macro_f1": "macro-F1", "macro_f1_without_neutral": "without neutral", "micro_f1": "micro-F1"},
    "complaint": {
        "precision": "precision",
        "recall": "recall",
        "f1": "F1",
        "macro_f1": "macro-F1",
        "accuracy": "accuracy",
    },
    "cause": {
        "accuracy": "accuracy",
        "accuracy_of_two": "of two",
        "accuracy_where_told": "where told",
        "abstained": "abstained",
        "macro_f1": "macro-F1",
    },
    "request": {"precision": "precision", "recall": "recall", "f1": "F1", "accuracy": "accuracy"},
}


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("--data", type=Path, required=True, help="the folder with the public sets")
    said.add_argument("--only", default="promises,due,emotion,complaint,cause,request,language")
    said.add_argument("--without", default="", help="peers left out, by a word of theirs: minilm,ctparse_dates.py")
    said.add_argument("--environments", type=Path, default=Path.home() / ".cache" / "troth-peers")
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    began = time.perf_counter()
    told = list(tables(chosen.data, set(chosen.only.split(",")), set(chosen.without.split(",")), chosen.environments))
    minutes = (time.perf_counter() - began) / 60
    told.insert(0, f"{preface()} The whole took {minutes:.0f} minutes.")
    if not chosen.no_write:
        write("\n\n".join(told))


def tables(data: Path, only: set[str], left_out: set[str], environments: Path) -> Iterator[str]:
    """Each table, printed as soon as it is there."""
    for contest in contests(data, only):
        entrants = [each for each in contest.entrants if not left_out & set(each.peer.words)]
        rows = hold(replace(contest, entrants=entrants), environments)
        columns = COLUMNS["replies" if contest.title.startswith("Promises in real") else contest.task]
        yield shown(table(contest.title, rows, columns))
    if "language" in only:
        yield shown(languages(environments))


def contests(data: Path, only: set[str]) -> Iterator[Contest]:
    replies, deadlines = (lines_of(convert.converted(name, data)) for name in ("replies", "deadlines"))
    if "promises" in only:
        learners = [Entrant(TFIDF, note="trained on the other four fifths")]
        both = [Entrant(OURS), Entrant(PATTERNS), Entrant(COGEXT)]
        yield from contest("Promises in real replies, by message (replies)", "promises", replies, [*both, *learners])
        for half in ("open", "held"):
            lines = corpus_lines(f"service-replies-en/{half}.jsonl")
            yield from contest(f"Promises in our own corpus, one by one, the {half} half", "promises", lines, both)
    if "due" in only:
        everyone = [Entrant(each) for each in (OURS, COGEXT, *DATES)]
        for half in ("open", "held"):
            lines = corpus_lines(f"service-replies-en/{half}.jsonl")
            yield from contest(f"Dues in our own corpus, the {half} half", "due", lines, everyone)
        yield from contest("Dues of real promise sentences (deadlines)", "due", deadlines, everyone)
        yield from contest("Dates in real replies (false dates are what matters here)", "due", replies, everyone)
    if "emotion" in only:
        train, dev = (lines_of(convert.converted(f"goemotions-{part}", data)) for part in ("train", "dev"))
        few = train[:MINILM_LEARNS_FROM]
        yield from contest(
            "Emotion, GoEmotions' development part (its test part was not at hand)",
            "emotion",
            dev,
            [
                Entrant(OURS),
                Entrant(VADER),
                Entrant(NRC),
                Entrant(TFIDF, train, note=f"trained on {len(train):,}"),
                Entrant(LLAMA, train, note=f"trained on {len(train):,}"),
                Entrant(MINILM, few, MINILM_READS, note=f"trained on {len(few):,}, the first {MINILM_READS:,} read"),
            ],
        )
    if only & {"complaint", "cause"}:
        flights = lines_of(convert.converted("airline", data))
    if "complaint" in only:
        learners = [
            Entrant(TFIDF, note="trained on the other four fifths"),
            Entrant(LLAMA, note="trained on the other four fifths"),
        ]
        others = [
            Entrant(OURS),
            Entrant(VADER),
            Entrant(TFIDF, flights, note="trained on another corpus (airline)"),
            *learners,
        ]
        yield from contest(
            "Complaint or not (complaints)", "complaint", lines_of(convert.converted("complaints", data)), others
        )
    if "cause" in only:
        with_cause = [line for line in flights if line.cause]
        learners = [Entrant(TFIDF, note="trained on the other four fifths")]
        yield from contest(
            "Cause (airline, its reasons bridged roughly to ours)", "cause", with_cause, [Entrant(OURS), *learners]
        )
    if "request" in only:
        learners = [Entrant(each, note="trained on the other four fifths") for each in (TFIDF, LLAMA)]
        lines = lines_of(convert.converted("requests", data))
        yield from contest("Request or not, business mail (requests)", "request", lines, [Entrant(OURS), *learners])


def contest(title: str, task: str, lines: Sequence[Labelled], entrants: Sequence[Entrant]) -> Iterator[Contest]:
    """The contest, unless the set is not there."""
    judge = {"promises": judge_promises, "due": judge_dues}.get(task) or judge_labels(task)
    if lines:
        yield Contest(f"{title}: {len(lines):,} messages", task, lines, judge, labels_of(task), entrants)


def languages(environments: Path) -> str:
    """How often the language is told: one that we do not read counts as unknown for everybody."""
    with (CORPUS / "languages" / "short.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    asked = [{"text": row["text"], "at": "2026-01-01T12:00:00+00:00", "tz": "UTC"} for row in rows]
    told = []
    for peer in (OURS, *LANGUAGES):
        try:
            with side.running(peer, environments) as running:
                running.ask("language", asked[:5])  # what is loaded at the first question is not counted
                answers, cpu = running.ask("language", asked)
        except NotInstalled as why:
            told.append(Row(peer.name, trouble=str(why)))
            continue
        right = sum(_known(answer) == row["language"] for answer, row in zip(answers, rows, strict=True))
        told.append(Row(peer.name, running.version, len(rows), {"accuracy": right / len(rows)}, len(rows) / cpu))
    return table(
        f"Language of short messages (corpus/languages): {len(rows):,} messages", told, {"accuracy": "accuracy"}
    )


def corpus_lines(path: str) -> list[Labelled]:
    with (CORPUS / path).open("rb") as file:
        return list(labelled(file))


def _known(language: str) -> str:
    return language if language in ("en", "de", "es", "fr") else "unknown"


# Writing down


def preface() -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        f"Taken on {datetime.now(UTC):%Y-%m-%d} on {cores} cores with Python {platform.python_version()}, "
        f"{os.getloadavg()[0]:.1f} processes wanting to run at the end; Troth's reading is {VERSION}."
    )


def table(title: str, rows: Sequence[Row], columns: dict[str, str]) -> str:
    ours = next((row.per_cpu_second for row in rows if row.name == OURS.name), None)
    heads = [title, "read", *columns.values(), "a CPU second", "Troth to it"]
    lines = [_line(heads), _line(["---", *["---:"] * (len(heads) - 1)])]
    for row in rows:
        if row.trouble:
            lines.append(_line([row.name, row.trouble.replace("|", " "), *[""] * (len(heads) - 2)]))
            continue
        ratio = f"{ours / row.per_cpu_second:.2g}" if ours and row.per_cpu_second else ""
        name = f"{row.name} ({row.version})" if row.version[:1].isdigit() or row.name == OURS.name else row.name
        speed = f"{row.per_cpu_second:,.0f}" if row.per_cpu_second else ""
        lines.append(
            _line([name, f"{row.messages:,}", *(_number(row.figures.get(key)) for key in columns), speed, ratio])
        )
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}"


def shown(text: str) -> str:
    print(text, "\n", flush=True)
    return text


def write(text: str) -> None:
    page = DOCS.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
