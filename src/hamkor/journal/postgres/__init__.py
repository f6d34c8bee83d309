# SPDX-License-Identifier: Apache-2.0
"""The store in PostgreSQL: `PostgresStore` over a pool, and `prepare` for its tables."""

from __future__ import annotations

from hamkor.journal.postgres.preparing import prepare
from hamkor.journal.postgres.store import PostgresStore

__all__ = ["PostgresStore", "prepare"]
