# SPDX-License-Identifier: Apache-2.0
"""Counters and timers of the web process, read by Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("hamkor_requests", "Requests answered", ["route", "method", "status"])
REQUEST_SECONDS = Histogram("hamkor_request_seconds", "Time to answer a request", ["route"])
LIVE_CLIENTS = Gauge(
    "hamkor_live_clients", "Browsers that listen for changes now", multiprocess_mode="livesum"
)
COMMANDS = Counter("hamkor_commands", "Commands by outcome", ["outcome"])
CHECK_SECONDS = Histogram("hamkor_check_seconds", "Processor time of checking a plan")


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Counts an answered request."""
    REQUESTS.labels(route, method, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
