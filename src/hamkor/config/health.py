# SPDX-License-Identifier: Apache-2.0
"""Addresses for machines: is the process alive, can it serve, what has it counted."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

LOCAL_ADDRESSES = frozenset({"127.0.0.1", "::1"})
WORKER_SILENCE_S = 60.0
_WORKER = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _unkept(JsonResponse({"status": "alive"}))


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Whether people can be served: 200, or 503 with the reasons by name."""
    reasons = {name: reason for name, look in _LOOKS.items() if (reason := look()) is not None}
    status = 503 if reasons else 200
    return _unkept(
        JsonResponse({"status": "not ready" if reasons else "ready", "reasons": reasons}, status=status)
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters of all web processes, for collectors on this machine or with the token of the installation."""
    if not _may_collect(request):
        return HttpResponse(status=403)
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types
    return _unkept(HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST))


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Leads browsers that ask without reading the page to the sign of the product."""
    response = HttpResponseRedirect(static("hamkor/logo.svg"))
    response["Cache-Control"] = "max-age=86400"
    return response


def _may_collect(request: HttpRequest) -> bool:
    """True for the token, or for this machine itself when no proxy stands in front that would seem to be it."""
    token = settings.ENVIRONMENT.metrics_token
    given = request.headers.get("Authorization", "")
    if token and secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    is_forwarded = settings.ENVIRONMENT.proxies > 0 or "X-Forwarded-For" in request.headers
    return not is_forwarded and request.META.get("REMOTE_ADDR") in LOCAL_ADDRESSES


def _database_reason() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (Error, psycopg.Error):
        return "the database does not answer"
    return None


def _tables_reason() -> str | None:
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (Error, psycopg.Error):
        return "unknown while the database does not answer"
    return f"{len(missing)} migrations are missing: hamkor migrate" if missing else None


def _worker_reason() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WORKER)
            (silence_s,) = cursor.fetchone() or (None,)
    except (Error, psycopg.Error):
        return "unknown while the database does not answer"
    if silence_s is None or silence_s > WORKER_SILENCE_S:
        return "no worker has given a sign of life lately"
    return None


_LOOKS: dict[str, Callable[[], str | None]] = {
    "database": _database_reason,
    "tables": _tables_reason,
    "worker": _worker_reason,
}


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
