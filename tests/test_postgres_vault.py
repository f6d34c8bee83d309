# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""The vault in PostgreSQL behaves as every vault must; the journal beside it knows nothing of what it holds."""

from __future__ import annotations

import psycopg
import pytest

from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import export_journal, verify_journal
from hamkor.journal.rules import Verified
from hamkor.journal.tests.lanterns import STREAM, lantern
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
from hamkor.journal.tests.store_suite import send
from hamkor.journal.tests.vault_suite import ALI, FOUNDED, VaultSuite
from hamkor.journal.vault import PostgresVault


class TestPostgresVault(VaultSuite):
    @pytest.fixture
    def vault(self, ready: PostgresStore, pool: Pool) -> PostgresVault:
        return PostgresVault(pool)


def test_erasing_from_the_vault_leaves_the_journal_as_it_was(ready: PostgresStore, pool: Pool) -> None:
    vault = PostgresVault(pool)
    vault.put(STREAM, "a", ALI)
    head = send(ready, [lantern("a")])
    before = export_journal(ready, STREAM)
    assert ALI not in before
    assert vault.erase(STREAM, "a", **FOUNDED)
    assert export_journal(ready, STREAM) == before
    assert verify_journal(ready, STREAM) == Verified(head.number, head.hash)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault_detail SET body = '{}', erased_by = NULL, erased_at = NULL, reason = NULL",
        "UPDATE vault_detail SET reason = 'another'",
        "DELETE FROM vault_detail",
        "TRUNCATE vault_detail",
    ],
)
def test_a_tombstone_cannot_be_changed(ready: PostgresStore, pool: Pool, statement: str) -> None:
    vault = PostgresVault(pool)
    vault.put(STREAM, "a", ALI)
    vault.erase(STREAM, "a", **FOUNDED)
    with (
        pytest.raises(psycopg.errors.RaiseException, match="does not come back"),
        pool.connection() as connection,
    ):
        connection.execute(statement.encode())
    assert list(vault.get_erased(STREAM)) == ["a"]
