# SPDX-License-Identifier: Apache-2.0
"""What every vault must pass: subclass `VaultSuite` and give it a `vault` fixture."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.common.errors import HamkorError
from hamkor.journal.store import Erasure
from hamkor.journal.tests.lanterns import START, STREAM
from hamkor.journal.vault import Vault

ALI = '{"name":"Алишер Ғуломов","phone":"+998 00"}'.encode()
FOUNDED: dict[str, Any] = {"by": "person:p-9", "at": START, "reason": "Asked in letter 5"}


class VaultSuite:
    """The behaviour every vault shares."""

    def test_what_was_put_is_found(self, vault: Vault) -> None:
        assert vault.find(STREAM, "p-1") is None
        assert vault.get_all(STREAM) == {}
        vault.put(STREAM, "p-2", b"{}")
        vault.put(STREAM, "p-1", b'"old"')
        vault.put(STREAM, "p-1", ALI)
        vault.put("drill-1", "p-1", b"[]")
        assert vault.find(STREAM, "p-1") == ALI
        assert list(vault.get_all(STREAM).items()) == [("p-1", ALI), ("p-2", b"{}")]
        assert vault.get_all("drill-1") == {"p-1": b"[]"}

    def test_what_was_erased_leaves_who_when_and_why_only(self, vault: Vault) -> None:
        vault.put(STREAM, "p-1", ALI)
        vault.put(STREAM, "p-2", b"{}")
        assert vault.erase(STREAM, "p-1", **FOUNDED)
        assert vault.find(STREAM, "p-1") is None
        assert vault.get_all(STREAM) == {"p-2": b"{}"}
        assert vault.get_erased(STREAM) == {"p-1": Erasure(**FOUNDED)}

    def test_what_was_erased_does_not_come_back(self, vault: Vault) -> None:
        vault.put(STREAM, "p-1", ALI)
        assert vault.erase(STREAM, "p-1", **FOUNDED)
        with pytest.raises(HamkorError, match="detail-erased") as refused:
            vault.put(STREAM, "p-1", ALI)
        assert "998" not in str(refused.value)
        assert not vault.erase(STREAM, "p-1", by="person:x", at=START, reason="again")
        assert vault.get_erased(STREAM)["p-1"].by == "person:p-9"
        assert vault.get_all(STREAM) == {}

    def test_nothing_is_erased_where_nothing_is_kept(self, vault: Vault) -> None:
        assert not vault.erase(STREAM, "p-1", **FOUNDED)
        assert vault.get_erased(STREAM) == {}
        vault.put(STREAM, "p-1", ALI)
        assert vault.find(STREAM, "p-1") == ALI

    @pytest.mark.parametrize("wrong", [{"by": ""}, {"reason": " \n"}, {"at": START.replace(tzinfo=None)}])
    def test_nothing_is_erased_without_saying_who_when_and_why(self, vault: Vault, wrong: Any) -> None:
        vault.put(STREAM, "p-1", ALI)
        with pytest.raises(HamkorError, match=r"erasure-unfounded|moment-naive"):
            vault.erase(STREAM, "p-1", **FOUNDED | wrong)
        assert vault.find(STREAM, "p-1") == ALI

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff", b"null null", b"[" * 100_000, b'"%s"' % (b"x" * (1 << 20))]
    )
    def test_what_is_not_a_text_of_json_is_refused(self, vault: Vault, body: bytes) -> None:
        with pytest.raises(HamkorError, match="detail-malformed"):
            vault.put(STREAM, "p-1", body)
        assert vault.find(STREAM, "p-1") is None

    @pytest.mark.parametrize("reference", ["", "a\0b"])
    def test_a_reference_nobody_could_write_is_refused(self, vault: Vault, reference: str) -> None:
        with pytest.raises(HamkorError, match="detail-malformed"):
            vault.put(STREAM, reference, ALI)
