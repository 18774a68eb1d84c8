"""Every kind of fact is explained to outsiders, and is written somewhere."""

from __future__ import annotations

import ast
from pathlib import Path

from troth.words import facts

SOURCE = Path(__file__).resolve().parents[2] / "src/troth"
FACTS = Path(facts.__file__).parent


def test_every_field_of_every_fact_is_explained() -> None:
    unexplained = [
        f"{kind.name}.{ast.unparse(field.target)}"
        for lines in [path.read_text().splitlines() for path in FACTS.glob("*.py")]
        for kind in ast.parse("\n".join(lines)).body
        if isinstance(kind, ast.ClassDef) and ast.get_docstring(kind) is None
        for field in kind.body
        if isinstance(field, ast.AnnAssign) and not lines[field.lineno - 2].strip().startswith("#:")
    ]

    assert unexplained == [], "say in words/facts/ what each of these is"


def test_every_fact_is_written_somewhere() -> None:
    code = "\n".join(
        path.read_text() for path in SOURCE.rglob("*.py") if "tests" not in path.parts and FACTS not in path.parents
    )

    assert [kind for kind in facts.kinds() if f"{kind}(" not in code] == [], "delete the kinds that never happen"


def test_no_kind_of_fact_is_named_like_what_the_body_adds() -> None:
    for kind in facts.kinds().values():
        assert not {"kind", "v"} & set(kind.__dataclass_fields__)
