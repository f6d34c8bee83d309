# SPDX-License-Identifier: Apache-2.0
"""A demonstration takes the next free port, and never moves into an installation in service."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamkor.common.errors import HamkorError
from hamkor.config.demonstration import MARK, run_demonstration
from hamkor.config.serving.supervisor import Plan, listen


@pytest.mark.enable_socket
def test_a_port_in_use_is_passed_over_only_when_that_was_asked_for() -> None:
    with listen(Plan(port=18_765, next_free_port=True)) as first:
        port = first.getsockname()[1]
        with listen(Plan(port=port, next_free_port=True)) as second:
            assert second.getsockname()[1] > port
        with pytest.raises(HamkorError) as refused:
            listen(Plan(port=port))
    assert refused.value.code == "port-in-use"


@pytest.mark.enable_socket
def test_an_address_that_is_not_of_this_machine_is_told() -> None:
    with pytest.raises(HamkorError) as refused:
        listen(Plan(host="203.0.113.5", port=18_765))
    assert refused.value.code == "address-unusable"


def test_an_installation_in_service_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("of somebody", encoding="utf-8")
    with pytest.raises(HamkorError) as refused:
        run_demonstration(tmp_path, keep=tmp_path, port=18_765, language="en")
    assert refused.value.code == "not-a-demonstration"
    assert not (tmp_path / MARK).exists()
