# SPDX-License-Identifier: Apache-2.0
"""Readings in PostgreSQL: `prepare` for the tables, `writing` for the process that takes readings in."""

from __future__ import annotations

from hamkor.telemetry.postgres.preparing import DAYS_AHEAD, keep_partitions, prepare

__all__ = ["DAYS_AHEAD", "keep_partitions", "prepare"]
