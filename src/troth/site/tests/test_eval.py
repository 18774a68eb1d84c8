"""`troth eval reading`: the same figures for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from troth.reading.evaluation.ours import Task
from troth.site import cli
from troth.site.reading_commands import TASKS

LINES = [
    {
        "text": "We'll ring you by Friday.",
        "at": "2026-03-11T10:00:00Z",
        "promises": [{"span": [0, 25], "due": "2026-03-13", "strength": "promise"}],
    },
    {"text": "We're sorry to hear that.", "promises": [{"span": [0, 25], "due": None, "strength": "promise"}]},
    {"text": "\x1b[31mFurious!", "emotions": ["joy"]},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return file


def run(*words: object) -> tuple[int, str]:
    ran = CliRunner().invoke(cli.main, ["eval", "reading", *map(str, words)])
    return ran.exit_code, ran.output


def test_the_table_and_the_json_say_the_same(data: Path, tmp_path: Path) -> None:
    code, shown = run("--task", "promises", "--data", data, "--json", tmp_path / "out.json")

    written = json.loads((tmp_path / "out.json").read_text())
    assert code == 0
    assert written["figures"]["recall"] == 0.5
    assert written["tables"]["promises"]["all"]["right"] == 1
    assert (written["messages"], written["skipped"]) == (2, 1)
    rows = {" ".join(line.split()) for line in shown.splitlines()}
    assert {"recall 0.500", "precision 1.000", "all 2 1 1 1.000 0.500 0.667", "due exact 1.000"} <= rows


def test_json_on_standard_output_stands_alone(data: Path) -> None:
    code, shown = run("--task", "due", "--data", data, "--json", "-")

    assert (code, json.loads(shown)["task"]) == (0, "due")


def test_errors_are_shown_and_colour_nothing(data: Path) -> None:
    code, shown = run("--task", "emotion", "--data", data, "--errors")

    assert code == 0
    assert "3: labelled 'joy', read" in shown
    assert "\x1b" not in shown


def test_what_is_not_labelled_cannot_be_judged(data: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": 5}\n')

    assert run("--task", "cause", "--data", data)[0] == 1
    assert run("--task", "cause", "--data", tmp_path / "bad.jsonl") == (1, "Error: Line 1: text is not text.\n")


def test_the_command_offers_every_task() -> None:
    assert list(TASKS) == [task.value for task in Task]
