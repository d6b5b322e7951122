"""The health page, for load balancers and `visavis doctor`. Open to everybody, tells no data."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visavis.worker import heart


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while web, database and a worker are alive, else 503."""
    try:
        workers = heart.alive(now=timezone.now())
        database = True
    except DatabaseError:
        workers, database = 0, False
    well = database and workers > 0
    body = {
        "status": "ok" if well else "unwell",
        "web": True,
        "database": database,
        "worker": workers > 0,
        "workers": workers,
    }
    return JsonResponse(body, status=200 if well else 503)
