"""Roundup, its classic tracker on PostgreSQL with that database's own full-text search, as its guide sets it up."""

from __future__ import annotations

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HERE = Path(__file__).parent
WORDS = HERE.parents[1] / "words.sql"
sys.path[:1] = [str(HERE.parents[2])]  # instead of this folder
WEB = "http://localhost:8000/desk/"
#: What "Show All" in its menu asks for, and its search box.
LIST = (
    "/issue?@columns=id,activity,title,creator,assignedto,status&@sort=-activity&@group=priority&@filter=status"
    "&status=-1,1,2,3,4,5,6,7&@pagesize=50&@startwith=0&@dispname=Show%20All"
)
SEARCH = "/issue?@columns=id,activity,title,creator,assignedto,status&@sort=activity&@group=priority&@search_text="


class Meter:
    """Connections come and go with every request: the processor time of those that ended is kept."""

    def __init__(self) -> None:
        self.ended = 0.0
        self.open: set[int] = set()
        self.said: list[str] = []

    def backend_ms(self) -> float:
        from bench.desk.sides.common import cpu_ms

        total = self.ended
        for pid in list(self.open):
            with suppress(OSError):  # it has just ended
                total += cpu_ms(pid)
        return total

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        self.said = []
        yield self.said

    def watch(self) -> None:
        """See every connection that is made from now on."""
        import psycopg2
        from bench.desk.sides.common import cpu_ms
        from psycopg2.extensions import connection, cursor

        meter, connect = self, psycopg2.connect

        class Cursor(cursor):
            def execute(self, query: Any, vars: Any = None) -> None:
                meter.said.append(str(query))
                return super().execute(query, vars)

        class Connection(connection):
            def close(self) -> None:
                if not self.closed:
                    pid = self.info.backend_pid
                    with suppress(OSError):
                        meter.ended += cpu_ms(pid)
                    meter.open.discard(pid)
                super().close()

        def watched(*words: Any, **named: Any) -> Any:
            made = connect(*words, connection_factory=Connection, cursor_factory=Cursor, **named)
            meter.open.add(made.info.backend_pid)
            return made

        psycopg2.connect = watched


def _installed(home: Path) -> None:
    """The tracker's home, by the classic template; but that an issue is given to staff, for else every customer stood in its menu."""
    from roundup import init

    url = urlsplit(os.environ["DATABASE_URL"])
    asked = parse_qs(url.query)
    template = Path(sys.prefix) / "share" / "roundup" / "templates" / "classic"
    init.install(
        str(home),
        str(template),
        settings={
            "tracker_name": "Desk",
            "tracker_web": WEB,
            "admin_email": "admin@parcel.example",
            "mail_domain": "parcel.example",
            "mail_host": "localhost",
            "mail_debug": "/dev/null",  # letters are made, and go nowhere
            "rdbms_backend": "postgresql",
            "rdbms_name": url.path.strip("/"),
            "rdbms_host": unquote(url.hostname or "") or asked.get("host", [""])[0],
            "rdbms_port": str(url.port or asked.get("port", ["5432"])[0]),
            "rdbms_user": unquote(url.username or ""),
            "rdbms_password": unquote(url.password or ""),
            "indexer": "native-fts",
        },
    )
    page = home / "html" / "issue.item.html"
    menu = 'tal:content="structure context/assignedto/menu"'
    if menu not in page.read_text():
        raise RuntimeError("Roundup's page of an issue has changed: see whom its menu of owners lists.")
    page.write_text(
        page.read_text().replace(menu, """tal:content="structure python:context.assignedto.menu(roles='Admin')\"""")
    )


def _fill(tracker: Any, home: Path, count: int) -> None:
    """Twenty people, their customers, and *count* issues with their answers: rows, journals, words to search, files of messages."""
    from roundup.password import Password

    tracker.init(Password("desk", config=tracker.config))
    db = tracker.open("admin")
    roles = {"password": Password("desk", config=tracker.config), "roles": "User,Admin"}
    for number in range(1, 21):
        db.user.create(username=f"staff{number}", address=f"staff{number}@parcel.example", **roles)
    db.commit()
    asked = {"count": count, "customers": max(count // 4, 20)}
    db.cursor.execute(WORDS.read_text())
    for statement in (HERE / "roundup.sql").read_text().split(";\n"):
        if statement.strip():
            db.cursor.execute(statement, asked)
    db.cursor.execute(
        "SELECT id, CASE mod(id, 2) WHEN 1 THEN pg_temp.asked((id + 1) / 2) ELSE pg_temp.answered(id / 2) END"
        " FROM _msg ORDER BY id"
    )
    for number, text in db.cursor:
        folder = home / "db" / "files" / "msg" / str(number // 1000)
        if number % 1000 == 0 or number == 1:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / f"msg{number}").write_text(text)
    db.commit()
    db.cursor.execute("ANALYZE")
    db.commit()
    db.close()


def main() -> None:
    logging.disable(logging.ERROR)
    from bench.desk.letters import ASKED, REPLY, WORD, letter
    from bench.desk.sides.common import serve
    from bench.door import Wsgi

    meter = Meter()
    meter.watch()
    import psycopg2
    import roundup.instance
    from roundup.cgi.wsgi_handler import RequestDispatcher

    home = Path(os.environ["DESK_FILES"])
    if not (home / "filled").exists():
        _installed(home)
        _fill(roundup.instance.open(str(home)), home, int(sys.argv[1]))
    tracker = roundup.instance.open(str(home), optimize=1)
    application = RequestDispatcher(str(home))
    sent = {
        "HTTP_REFERER": WEB,
        "HTTP_ORIGIN": "http://localhost:8000",
        "HTTP_HOST": "localhost:8000",
        "TRACKER_NAME": "desk",
    }
    nobody = Wsgi(application, {}, headers=sent)
    form = "__login_name=staff20&__login_password=desk&%40action=login"
    kind = "application/x-www-form-urlencoded"
    _page, headers = nobody.asked("POST", "/", form.encode(), kind=kind, expected=200)
    cookies = dict(value.partition(";")[0].split("=", 1) for name, value in headers if name.lower() == "set-cookie")
    page = Wsgi(application, cookies, headers=sent)
    with psycopg2.connect(os.environ["DATABASE_URL"]) as looking:
        cursor = looking.cursor()
        cursor.execute("SELECT id FROM _issue ORDER BY _activity DESC LIMIT 400")
        some = [row[0] for row in cursor.fetchall()]
    looking.close()

    def create(number: int) -> None:
        page.post(
            "/issue",
            {"@action": "new", "@template": "item", "@required": "title,priority", "title": f"Where is parcel {number}?",
             "priority": "3", "status": "1", "@note": ASKED},
        )  # fmt: skip

    def reply(number: int) -> None:
        issue = some[number % len(some)]
        page.post(f"/issue{issue}", {"@action": "edit", "@note": f"{REPLY} ({number})", "status": "3"})

    def mail_in(number: int) -> None:
        gateway = tracker.MailGW(tracker, Namespace(default_class="issue", set_value=[]))
        gateway.trapExceptions = 0
        if not gateway.main(BytesIO(letter(number))):
            raise RuntimeError("The letter made no issue.")

    serve(
        {
            "list": lambda number: page.get(LIST),
            "case": lambda number: page.get(f"/issue{some[number % len(some)]}"),
            "create": create,
            "reply": reply,
            "search": lambda number: page.get(SEARCH + WORD),
            "mail in": mail_in,
        },
        meter,
    )


main()
