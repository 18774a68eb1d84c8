"""What the pages about the API say is so: the examples run, and everything it can do is on the reference."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.faces import Shop, page
from tests.programs import Program

from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.site import api
from troth.site.key_commands import make_key, revoke_key
from troth.site.tests.test_commands import run

DOCS = (Path(__file__).resolve().parents[4] / "docs/run/api.md").read_text()
EXAMPLES = re.findall(r"^    (curl .*)$", DOCS, re.MULTILINE)


def ask(program: Program, example: str, **known: str) -> Any:
    """Do what a line of curl would do."""
    for name, value in {"TROTH": "", "KEY": program.secret, **known}.items():
        example = example.replace(f"${name}", value)
    words = shlex.split(example)
    assert words[:2] == ["curl", "-s"]
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    if "-d" in words:
        said = words[words.index("-d") + 1]
        kind = headers.pop("Content-Type")
        method = words[words.index("-X") + 1] if "-X" in words else "POST"
        return program.client.generic(method, words[2], said, content_type=kind, headers=headers)
    return program.client.get(words[2], headers=headers)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_run(shop: Shop, example: str) -> None:
    answer = ask(Program(shop.lea), example, CASE=str(shop.case().pk))

    assert answer.status_code in {200, 201}, answer.content


def test_there_are_examples_and_every_scope_is_explained() -> None:
    assert len(EXAMPLES) == 8
    assert re.findall(r"^\| `([a-z]+:[a-z]+)` \|", DOCS, re.MULTILINE) == [scope.value for scope in Scope]


def test_the_reference_tells_everything(db: None) -> None:
    told = page(Client(), "/api/reference")

    for operations in json.loads(api.described())["paths"].values():
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in told
    assert {kind.slug for kind in Kind} <= set(re.findall(r'<dt id="([a-z-]+)">', told))
    assert told.count("<h1") == 1


def test_the_page_to_try_it_out_is_our_own(db: None) -> None:
    told = page(Client(), "/api/docs")

    assert set(re.findall(r'(?:src|href|data-url)="([^"]*)"', told)) == {
        "/static/site/favicon.svg",
        "/static/ninja/swagger-ui.css",
        "/api/reference",
        "/api/openapi.json",
        "/static/ninja/swagger-ui-bundle.js",
        "/static/site/js/api-docs.js",
    }


def test_a_key_is_made_and_revoked_on_the_machine(shop: Shop) -> None:
    words = shlex.split(
        re.findall(r"troth key make (.*)$", DOCS, re.MULTILINE)[0].replace("example.org", "parcel.example")
    )

    code, said = run(make_key, *words)
    (secret,) = re.findall(r"troth_[0-9a-f]{8}_[0-9a-f]{64}", said)
    asked = Client().get("/api/key", headers={"authorization": f"Bearer {secret}"})

    scopes = ["cases:read", "messages:write", "messages:vouch"]
    assert (code, sorted(asked.json()["scopes"]), asked.json()["staff"]) == (0, sorted(scopes), shop.sam.pk)
    assert run(revoke_key, str(asked.json()["id"]))[0] == 0
    assert run(revoke_key, str(asked.json()["id"]))[0] == 1
    assert Client().get("/api/key", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    assert run(make_key, "X", "--for", "nobody@parcel.example", "--scope", "cases:read")[0] == 1
