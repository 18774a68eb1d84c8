"""Every page with a rich and invented day on it, to be looked at.

    python -m tests.house.stylebook FOLDER                  writes the pages as files
    python -m tests.house.stylebook FOLDER --shots --axe    also looks at them in Chromium under the real content policy

No database and no views: what a page needs is what its template says at the top, and `pages.py` gives it exactly that.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import django
from django.conf import settings

HOME = Path(__file__).resolve().parents[2]
ROOMS = HOME / "src" / "troth"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
TOUCH = (Path(__file__).parent / "touch.js").read_text().strip().removesuffix(";")
SCHEMES = ("light", "dark")
#: Only what is wrong is described at length; to describe all that is right takes longer than to find out.
AXE = {"preload": False, "resultTypes": ["violations"]}
SIZES = {"wide": (1440, 900), "phone": (390, 844), "vast": (2560, 1440)}


def configure() -> None:
    """The product's own settings, with addresses that lead nowhere; no database is asked."""
    os.environ.setdefault("TROTH_SECRET_KEY", "stylebook")
    from troth.site import settings as ours

    given = {name: getattr(ours, name) for name in dir(ours) if name.isupper()}
    settings.configure(**{**given, "ROOT_URLCONF": "tests.house.stylebook_urls", "TROTH_ZONE": "Europe/London"})
    django.setup()


def jinja() -> Any:
    """The rooms' own environment, with links that only have to look like links."""
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

    from troth.site.jinja import environment

    class Given(StrictUndefined):
        """A part that a row does not have is empty; a value the page was never given is a mistake."""

        def __bool__(self) -> bool:
            return False

    loader = ChoiceLoader([FileSystemLoader(folder) for folder in sorted(ROOMS.glob("**/jinja2"))])
    env = environment(loader=loader, autoescape=True, undefined=Given)
    env.globals["trouble_for"] = lambda *_told_here: []  # there are no tables to ask
    env.globals["url"] = lambda name, *parts, **named: (
        "/" + "/".join([*name.split(":"), *map(str, parts), *map(str, named.values())])
    )
    return env


def render(folder: Path) -> list[str]:
    """Write each page into *folder* and name them."""
    from tests.house import (
        breach_pages,
        drafting_pages,
        pages,
        privacy_pages,
        reading_pages,
        record_pages,
        status_pages,
    )

    env = jinja()
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name, template, values in (
        *pages.ours(),
        *reading_pages.pages(),
        *record_pages.pages(),
        *privacy_pages.pages(),
        *status_pages.pages(),
        *breach_pages.pages(),
    ):
        (folder / f"{name}.html").write_text(env.get_template(template).render(**values))
        if values.get("formal_letter"):  # what is read again says of the letter what the page does
            (folder / f"{name}.part").write_text(env.get_template("cases/_found.html").render(**values))
        names.append(name)
    for name, text in pages.sign_in():
        (folder / f"{name}.html").write_text(text)
        names.append(name)
    found = env.get_template("cases/_found.html").render(**pages.STAFF, found=pages.FOUND, checks=pages.CHECKS)
    (folder / "found.part").write_text(found)
    for _name, number, values in drafting_pages.panels():
        part = env.get_template("drafting/panel.html").render(**pages.STAFF, **values)
        (folder / f"drafting-{number}.part").write_text(part)
    for name, text in pages.bare().items():
        (folder / name).write_text(text)
    return names


@cache
def static_file(path: str) -> Path | None:
    """Where `/static/...` lies: in a room, or in a package that brings its own."""
    return next((place / path for place in static_places() if (place / path).is_file()), None)


@cache
def static_places() -> tuple[Path, ...]:
    import allauth
    import django_htmx

    theirs = Path(allauth.__file__).parent
    return (
        *ROOMS.glob("**/static"),
        *(theirs / app / "static" for app in ("account", "mfa")),
        Path(django_htmx.__file__).parent / "static",
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The pages behind the content policy of production."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith("/drafting/panel/"):
                path = f"/drafting-{path.rpartition('/')[2]}.part"
            found = static_file(path.removeprefix("/static/")) if path.startswith("/static/") else folder / path[1:]
            self.answer(found if found and found.is_file() else None)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            own = folder / f"{Path(urlsplit(self.headers.get('Referer') or '').path).stem}.part"
            found = own if own.is_file() else folder / "found.part"
            self.answer(found if "read" in self.path else folder / "empty.part")

        def answer(self, found: Path | None) -> None:
            self.send_response(200 if found else 404)
            kind = mimetypes.guess_type(found.name)[0] if found else "text/plain"
            self.send_header("Content-Type", f"{kind or 'text/html'}; charset=utf-8")
            is_mail = found is not None and found.name.endswith("letter.html")
            self.send_header("Content-Security-Policy", MAIL_POLICY if is_mail else POLICY)
            self.end_headers()
            if found:
                self.wfile.write(found.read_bytes())

        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def look(
    folder: Path, names: list[str], *, shots: bool, axe: bool, sizes: list[str], schemes: Sequence[str] = SCHEMES
) -> int:
    """Photograph and examine each page by day and by night; the number of faults."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    faults = 0
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with served(folder) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        for size in sizes:
            width, height = SIZES[size]
            for scheme in schemes:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    # A phone is touched.
                    has_touch=size == "phone",
                    is_mobile=size == "phone",
                )
                # The open stream of /events has no server here.
                context.route("**/events", lambda route: route.abort())
                # Nor has anybody who looks at the same case, nor what is like it.
                context.route(re.compile(r"/cases/(present|here)|/imports/moving/\d"), lambda route: route.abort())
                context.route("**/search/like/**", lambda route: route.fulfill(body=""))
                page = context.new_page()
                said: list[str] = []
                page.on(
                    "console", lambda message, said=said: said.append(message.text) if message.type == "error" else None
                )
                page.on("response", lambda r, said=said: said.append(r.url) if r.status == 404 else None)
                page.on("pageerror", lambda error, said=said: said.append(str(error)))
                for name in names:
                    said.clear()
                    page.goto(f"{home}/{name}.html")
                    page.wait_for_timeout(150)
                    if shots:
                        page.screenshot(path=folder / f"{name}.{size}.{scheme}.png")
                        if size != "vast":
                            page.screenshot(path=folder / f"{name}.{size}.{scheme}.full.png", full_page=True)
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        said.append(f"the page is {wide} px wider than the screen")
                    if size == "phone" and scheme == "light":
                        # A picture of the whole page makes it a screen without fingers for a moment.
                        page.wait_for_function("matchMedia('(pointer: coarse)').matches")
                        said += [f"too small to be touched: {one}" for one in page.evaluate(TOUCH)]
                    for words in [words for words in said if "ERR_FAILED" not in words]:
                        faults += 1
                        click.echo(f"{name} {size} {scheme}: {words}")
                    if axe:
                        for fault in Axe().run(page, options=AXE).response["violations"]:
                            faults += 1
                            nodes = json.dumps(
                                [[n["target"], n["failureSummary"][:300]] for n in fault["nodes"][:3]], indent=1
                            )
                            click.echo(f"{name} {size} {scheme}: {fault['id']} ({len(fault['nodes'])}) {nodes}")
                context.close()
        browser.close()
    return faults


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--shots", is_flag=True, help="Photograph every page.")
@click.option("--axe", is_flag=True, help="Examine every page with axe.")
@click.option("--size", "sizes", multiple=True, type=click.Choice(list(SIZES)), help="Only these sizes.")
@click.option("--scheme", "schemes", multiple=True, type=click.Choice(SCHEMES), help="Only by day, or by night.")
@click.option("--only", multiple=True, help="Only pages whose name begins so.")
def main(
    folder: Path, shots: bool, axe: bool, sizes: tuple[str, ...], schemes: tuple[str, ...], only: tuple[str, ...]
) -> None:
    configure()
    names = [name for name in render(folder) if not only or name.startswith(only)]
    click.echo(f"{len(names)} pages in {folder}")
    if shots or axe:
        faults = look(folder, names, shots=shots, axe=axe, sizes=list(sizes or SIZES), schemes=schemes or SCHEMES)
        click.echo(f"{faults} faults")
        sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
