# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from hamkor.journal.tests.vault_suite import VaultSuite
from hamkor.journal.vault import MemoryVault


class TestMemoryVault(VaultSuite):
    @pytest.fixture
    def vault(self) -> MemoryVault:
        return MemoryVault()
