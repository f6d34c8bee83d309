# SPDX-License-Identifier: Apache-2.0
"""What the process that takes readings in counts of itself."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

READINGS = Counter("hamkor_ingest_readings", "Readings stored", ["way"])
BATCHES = Counter("hamkor_ingest_batches", "Batches stored", ["way"])
REFUSED = Counter("hamkor_ingest_refused", "Batches refused, by reason", ["way", "code"])
POSITIONS_DROPPED = Counter(
    "hamkor_ingest_positions_dropped", "Positions not shown because a newer one of the same unit came"
)
WAITING = Gauge("hamkor_ingest_waiting", "Readings that wait to be stored", multiprocess_mode="livesum")
FOLLOWED = Gauge("hamkor_ingest_followed", "Events followed by this process", multiprocess_mode="livesum")
STORED_S = Histogram(
    "hamkor_ingest_stored_seconds",
    "Seconds from a batch's arrival to its being stored",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
JUDGED_S = Histogram(
    "hamkor_ingest_judged_seconds",
    "Seconds from the arrival of the newest reading to its being looked at by the rules",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
FAULTS = Counter("hamkor_ingest_faults", "Things that failed and are tried again, by part", ["part"])
