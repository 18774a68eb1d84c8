"""The report on an export in words, for a terminal; the page has its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _


def report_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """What was found, and what would become of it."""
    yield _("%(tickets)s tickets with %(messages)s messages and %(notes)s notes, of %(customers)s customers") % report
    if report["from"]:
        yield _("from %(from)s until %(until)s") % report
    yield _("%(here_already)s are here already, %(passed_over)s are passed over") % report
    if report["unreachable"]:
        yield _("%(unreachable)s tickets are of somebody without any address") % report
    if report["attachments"] or report["attachments_missing"]:
        yield _("%(attachments)s attachments are in it, %(attachments_missing)s are only named") % report
    yield from _table(
        _("How they stand"), ((f"{one['there']} -> {one['here']}", one["count"]) for one in report["statuses"])
    )
    yield from _table(_("Where they came in"), _counted(report["channels"]))
    yield from _table(_("Staff known here"), _counted(report["staff_found"]))
    yield from _table(_("Staff not known here: their name stands in the note"), _counted(report["staff_unknown"]))
    yield from _table(_("Fields with a place here"), _counted(report["fields_mapped"]))
    yield from _table(_("Fields that stand in the note"), _counted(report["fields_in_note"]))
    yield from _table(
        _("Fields nobody knows; they stand in the note too"),
        (
            (one["name"], f"{one['count']}  ({_('such as')} {', '.join(one['examples'])})")
            for one in report["fields_unmapped"]
        ),
    )
    yield from _table(_("Fields without use here: they stay behind"), _counted(report["fields_left"]))
    yield from _table(_("Fields of people without use here"), _counted(report["fields_of_people_left"]))
    yield from _table(_("Worth a look"), _counted(report["remarks"]))
    yield from _table(_("Left out, and why"), _counted(report["problem_reasons"]))
    for one in report["problem_lines"]:
        yield f"  {one['file']}:{one['line']}: {one['reason']}"
    if report["promises_found"]:
        yield _("%(promises_found)s promises stand in replies of tickets that are not over; none is recorded:") % report
        for one in report["promises"]:
            yield f"  {one['ticket']}: {' '.join(one['what'].split())}{' -> ' + one['due'] if one['due'] else ''}"


def _counted(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    return ((one["name"], one["count"]) for one in rows)


def _table(title: str, rows: Iterable[tuple[str, Any]]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield f"{title}:"
        width = min(max(len(name) for name, _count in found), 60)
        yield from (f"  {name.ljust(width)}  {count}" for name, count in found)
