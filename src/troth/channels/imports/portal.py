"""Where other desks call: a call is checked and kept whole, and read by the worker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from troth.channels.imports.actions import hooks
from troth.channels.imports.models import Hook
from troth.channels.imports.rules.calls import Forged, checked
from troth.people import seal

BODY_MOST = 5 * 1024 * 1024


@csrf_exempt
@require_POST
def called(request: HttpRequest, source: str, pk: int) -> HttpResponse:
    """Another desk tells of something. Programs come here, without cookies, so that there is no form to forge."""
    hook = Hook.objects.filter(pk=pk, source=source).first()
    if hook is None:
        return _told("There is no such hook.", status=404)
    now = timezone.now()
    if not hook.is_on:
        return _told("This hook is switched off.", status=403)
    if int(request.headers.get("Content-Length") or 0) > BODY_MOST:
        return _told("This is too long to send in one go.", status=413)
    body = request.body
    try:
        key = checked(source, secret=seal.tell(hook, "secret"), headers=request.headers, body=body, now=now)
    except (Forged, seal.CannotUnseal) as reason:
        hooks.refuse(hook, now=now)
        return _told(f"Refused: {reason}.", status=403)
    new = hooks.capture(hook, key=key, body=body, now=now)
    return JsonResponse({"kept": new}, status=202 if new else 200)


called.door = "visitor"  # type: ignore[attr-defined]


def _told(words: str, *, status: int) -> JsonResponse:
    return JsonResponse({"detail": words}, status=status)
