"""Figures for Prometheus: computed from the tables when asked, so that every process of an installation tells the same.

Only what people asked of this one process is counted in it. No name, no address, no text is a label.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from troth.inbox.queries import waiting_count
from troth.post.queries import counts_by_state as letters_by_state
from troth.promises.queries import counts_by_state as promises_by_state
from troth.promises.queries import lateness_of_warnings
from troth.site import vitals
from troth.site.health import may_see_figures
from troth.site.logs import plain_method, route_of
from troth.site.rules.vitals import BOUNDS, Verdict

log = logging.getLogger(__name__)

#: What this process was asked since it began.
OF_THIS_PROCESS = CollectorRegistry()
REQUESTS = Counter(
    "troth_http_requests", "Requests answered by this process.", ["method", "route", "status"], registry=OF_THIS_PROCESS
)
SECONDS = Histogram(
    "troth_http_request_seconds",
    "How long requests took in this process.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OF_THIS_PROCESS,
)


def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure, for whoever may see figures; to others there is nothing here."""
    if not may_see_figures(request):
        raise Http404
    of_the_tables = CollectorRegistry()
    of_the_tables.register(Tables())
    body = generate_latest(of_the_tables) + generate_latest(OF_THIS_PROCESS)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class Tables(Collector):
    """What the tables say now; where the database is silent, only that."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        verdict = vitals.recent()
        yield from _signs(verdict)
        if any(finding.failing for finding in verdict.findings[:2]):  # no database, or one of another shape
            return
        yield _gauge("troth_arrivals_waiting", "Messages that arrived and are not read.", [((), waiting_count())])
        yield _by_state("troth_letters", "Letters that are on their way, or need a person.", letters_by_state())
        yield _by_state("troth_promises", "Promises by their state.", promises_by_state())
        late = lateness_of_warnings(now=timezone.now())
        if late:
            yield _gauge(
                "troth_warning_lateness_seconds",
                "How late owners were warned in the last hour.",
                [((quantile,), seconds) for quantile, seconds in late.items()],
                labels=("quantile",),
            )


def _signs(verdict: Verdict) -> Iterator[GaugeMetricFamily]:
    yield _gauge("troth_ready", "1 where every sign is well.", [((), float(verdict.ready))])
    yield _gauge(
        "troth_sign_failing",
        "1 where a sign fails.",
        [((finding.sign.value,), float(finding.failing)) for finding in verdict.findings],
        labels=("sign",),
    )
    ages = [finding for finding in verdict.findings if finding.sign in BOUNDS and finding.figure is not None]
    yield _gauge(
        "troth_sign_seconds",
        "How long what waits has waited; of mailboxes and workers, since when none was heard.",
        [((finding.sign.value,), finding.figure or 0.0) for finding in ages],
        labels=("sign",),
    )
    yield _gauge(
        "troth_sign_bound_seconds",
        "How long it may.",
        [((sign.value,), bound.total_seconds()) for sign, bound in BOUNDS.items()],
        labels=("sign",),
    )
    free = [finding.figure for finding in verdict.findings if finding.sign == "disk" and finding.figure is not None]
    yield _gauge(
        "troth_disk_free_bytes", "Room left where the data lie.", [((), megabytes * 2**20) for megabytes in free]
    )


def _by_state(name: str, words: str, counts: dict[str, int]) -> GaugeMetricFamily:
    return _gauge(name, words, [((state,), count) for state, count in counts.items()], labels=("state",))


def _gauge(
    name: str, words: str, samples: Iterable[tuple[tuple[str, ...], float]], *, labels: tuple[str, ...] = ()
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for values, figure in samples:
        family.add_metric(values, figure)
    return family


class Counting:
    """Middleware: each request by the pattern of its address, never by the address itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        took, method, route = time.perf_counter() - began, plain_method(request), route_of(request)
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(route).observe(took)
        if settings.TROTH_ACCESS_LOG:
            log.info("%s %s %s in %.0f ms", method, route, response.status_code, took * 1000)
        return response
