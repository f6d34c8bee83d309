# SPDX-License-Identifier: Apache-2.0
"""What tests of this room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamkor.folder.queries import read_folder
from hamkor.plans.rules.plan import Plan


@pytest.fixture(scope="session")
def navruz_plan() -> Plan:
    """The example Navruz 2027."""
    return read_folder(Path(__file__).parents[4] / "examples" / "navruz-2027")
