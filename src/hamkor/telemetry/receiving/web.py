# SPDX-License-Identifier: Apache-2.0
"""The HTTP side: an ASGI application of three addresses, bare because thousands of readings pass it every second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.telemetry.receiving.counting import REFUSED
from hamkor.telemetry.receiving.intake import Intake
from hamkor.telemetry.receiving.refusals import NotTakenError, problem_of, unknown_device
from hamkor.telemetry.rules.keys import read_authorization
from hamkor.telemetry.rules.readings import ReadingRefusedError, read_body

_LOG = logging.getLogger("hamkor.ingest")
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, bytes, tuple[tuple[bytes, bytes], ...]]
BODY_WITHIN_S = 10.0
READINGS_PATH = "/ingest/v1/readings"
Headers = tuple[tuple[bytes, bytes], ...]
_JSON: Headers = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
_PROBLEM: Headers = ((b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"))
_LOCAL = frozenset({"127.0.0.1", "::1"})


class _GoneError(Exception):
    """The other side went away."""


class Application:
    """Answers `POST /ingest/v1/readings`, `GET /healthz` and `GET /metrics`.

    Args:
        intake: Where readings go.
        may_collect: True for a request for metrics that may be answered, by its headers and the address it comes
            from.
    """

    def __init__(self, intake: Intake, *, may_collect: Callable[[dict[bytes, bytes], str], bool]) -> None:
        self._intake, self._may_collect = intake, may_collect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; other kinds of connections are not for this process."""
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        try:
            status, body, headers = await self._answer(scope, receive)
        except _GoneError:
            return
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            return await self._route(scope, receive)
        except NotTakenError as error:
            return _refusal(error, error.status, error.retry_after_s)
        except ReadingRefusedError as error:
            status = {"body-malformed": 400, "batch-too-large": 413}.get(error.code, 422)
            return _refusal(error, status)
        except _GoneError:
            raise
        except Exception:  # noqa: BLE001 - the edge: a fault is told and logged
            _LOG.exception("a request has failed")
            failed = HamkorError("ingest-failed", N_("Something failed here. Send the same again."))
            return _refusal(failed, 500)

    async def _route(self, scope: Scope, receive: Receive) -> Answer:
        method, path = scope["method"], scope["path"]
        if path == READINGS_PATH:
            if method != "POST":
                wrong = HamkorError("method-wrong", N_("Readings are sent with POST."))
                status, body, headers = _refusal(wrong, 405)
                return status, body, (*headers, (b"allow", b"POST"))
            return await self._take(scope, receive)
        if method in {"GET", "HEAD"} and path == "/healthz":
            is_ready = self._intake.is_ready
            told = {"status": "ready" if is_ready else "waiting", "waiting": self._intake.writer.waiting}
            return (200 if is_ready else 503), msgspec.json.encode(told), _JSON
        if method in {"GET", "HEAD"} and path == "/metrics":
            address = (scope.get("client") or ("",))[0]
            if not self._may_collect(dict(scope["headers"]), address):
                return 403, b"", _JSON
            return 200, generate_latest(REGISTRY), ((b"content-type", CONTENT_TYPE_LATEST.encode()),)
        return _refusal(HamkorError("address-unknown", N_("There is nothing at this address.")), 404)

    async def _take(self, scope: Scope, receive: Receive) -> Answer:
        headers = scope["headers"]
        given = next((value for name, value in headers if name == b"authorization"), b"")
        claim = read_authorization(given.decode("latin-1"))
        if claim is None:
            raise unknown_device()
        # Before its body is read: who is not known costs nothing more.
        sender = await self._intake.identify(claim)
        limit = self._intake.limits.body_bytes
        length = next((value for name, value in headers if name == b"content-length"), b"0")
        if not length.isdigit() or int(length[:12]) > limit:
            raise _too_large(limit)
        body = await _read_body(receive, limit)
        sent = read_body(body, self._intake.limits)
        stored = await self._intake.store_batch(sender, sent)
        return 200, b'{"stored":%d}' % stored, _JSON


async def _read_body(receive: Receive, limit: int) -> bytes:
    """Returns the body of a request, if it comes in time and keeps the limit."""
    message = await _next(receive)
    if not message.get("more_body"):
        body = message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        return bytes(body)
    chunks, size = [], 0
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while True:
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                chunks.append(chunk)
                if not message.get("more_body"):
                    return b"".join(chunks)
                message = await _next(receive)
    except TimeoutError:
        raise NotTakenError(408, "body-slow", N_("The body came too slowly. Send it again.")) from None


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise _GoneError
    return message


def _too_large(limit: int) -> NotTakenError:
    template = N_("The body is larger than {bytes} bytes. Send several smaller ones.")
    return NotTakenError(413, "body-too-large", template, bytes=limit)


def _refusal(error: HamkorError, status: int, retry_after_s: int | None = None) -> Answer:
    REFUSED.labels("http", error.code).inc()
    headers = _PROBLEM
    if retry_after_s is not None:
        headers = (*headers, (b"retry-after", str(retry_after_s).encode()))
    if status == 401:
        headers = (*headers, (b"www-authenticate", b"Device"))
    return status, problem_of(error, status), headers


def may_collect_from(token: str, *, proxies: int) -> Callable[[dict[bytes, bytes], str], bool]:
    """Returns who may read the metrics: with the token of the installation, or from this machine itself.

    Args:
        token: ``HAMKOR_METRICS_TOKEN``, or empty.
        proxies: Number of proxies in front, which would all seem to be this machine.
    """
    from hmac import compare_digest

    def may(headers: dict[bytes, bytes], address: str) -> bool:
        given = headers.get(b"authorization", b"")
        if token and compare_digest(given, f"Bearer {token}".encode()):
            return True
        return proxies == 0 and b"x-forwarded-for" not in headers and address in _LOCAL

    return may
