# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

pytest.register_assert_rewrite("hamkor.journal.tests.vault_suite")

from hamkor.journal.tests.vault_suite import VaultSuite  # noqa: E402 - asserts of the suite are rewritten first
from hamkor.journal.vault import MemoryVault  # noqa: E402 - as above


class TestMemoryVault(VaultSuite):
    @pytest.fixture
    def vault(self) -> MemoryVault:
        return MemoryVault()
