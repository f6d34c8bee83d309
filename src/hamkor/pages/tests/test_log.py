# SPDX-License-Identifier: Apache-2.0
"""What a line of the log says of a request, and what it keeps to itself."""

from __future__ import annotations

import logging

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/calendars/SECRET.ics", "/accounts/password/reset/key/1-SECRET/", "/invitation?key=SECRET"]
)
def test_an_address_that_opens_something_is_not_written_down(address, client, caplog):
    caplog.set_level(logging.INFO, logger="hamkor.web")
    client.get(address)
    lines = [vars(record) for record in caplog.records if record.name == "hamkor.web"]
    assert lines
    assert "SECRET" not in str(lines)


@pytest.mark.django_db
def test_other_addresses_are(client, caplog):
    caplog.set_level(logging.INFO, logger="hamkor.web")
    client.get("/verify/")
    assert [record.path for record in caplog.records if record.name == "hamkor.web"] == ["/verify/"]
