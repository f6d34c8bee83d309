# SPDX-License-Identifier: Apache-2.0
"""Patients and missing people: who writes, who reads, where names stand, and that they can be erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamkor.common.errors import HamkorError
from hamkor.incidents.commands import (
    advance_incident,
    describe_missing,
    erase_missing,
    find_missing,
    merge_incidents,
    set_medical,
)
from hamkor.incidents.facts import MEDICAL_DETAIL, MISSING_PERSON
from hamkor.incidents.queries import find_missing_details
from hamkor.incidents.rules import MedicalDetail, MissingPerson, Triage
from hamkor.incidents.rules.details import MissingDetails
from hamkor.incidents.tests.builders import (
    AUDITOR,
    COORDINATOR,
    DISPATCHER,
    FIRE,
    GUARD,
    MEDIC,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    at_point,
    envelope,
    refused,
    reported,
    send,
    store_with_event,
)
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents
from hamkor.journal.vault import MemoryVault

DETAILS = MissingDetails(name="Anora Testova", guardian="Guardian Testov", phone="+998 00 000-00-00")


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


def medical(store: MemoryStore, incident_id: str) -> MedicalDetail:
    found = get_documents(store, STREAM).get(MEDICAL_DETAIL, incident_id)
    assert found is not None
    return found


def missing(store: MemoryStore, incident_id: str) -> MissingPerson:
    found = get_documents(store, STREAM).get(MISSING_PERSON, incident_id)
    assert found is not None
    return found


def test_helpers_write_about_patients_field_by_field(store: MemoryStore) -> None:
    incident_id = reported(store, type="medical")
    send(store, set_medical, MEDIC, incident_id=incident_id, patients=2, triage={"red": 1, "yellow": 1})
    send(store, set_medical, DISPATCHER, incident_id=incident_id, condition="Chest pain.", after=MINUTE)
    found = medical(store, incident_id)
    assert (found.patients, found.triage, found.condition) == (2, Triage(red=1, yellow=1), "Chest pain.")
    assert (found.by, found.updated_at) == ("person:dispatcher", NOW + MINUTE)
    send(store, set_medical, MEDIC, incident_id=incident_id, condition=None)
    assert medical(store, incident_id).condition is None
    same = send(store, set_medical, MEDIC, incident_id=incident_id, patients=2)
    assert same.entries == ()


def test_who_does_not_help_does_not_write_about_patients(store: MemoryStore) -> None:
    incident_id = reported(store, type="medical")
    for who in (OPERATOR, COORDINATOR, FIRE, GUARD, AUDITOR):
        refused(store, "not-allowed", set_medical, who, incident_id=incident_id, patients=1)
    for bad in ({"patients": -1}, {"patients": "two"}, {"triage": {"blue": 1}}):
        refused(store, "field-malformed", set_medical, MEDIC, incident_id=incident_id, **bad)
    refused(store, "incident-absent", set_medical, MEDIC, incident_id="x", patients=1)


def test_a_lost_child_is_described_found_and_handed_over(store: MemoryStore, vault: MemoryVault) -> None:
    incident_id = reported(store, type="lost_child")
    refused(store, "missing-undescribed", find_missing, OPERATOR, incident_id=incident_id, state="found")
    send(
        store,
        describe_missing,
        OPERATOR,
        incident_id=incident_id,
        age="about 6",
        sex="female",
        clothes="Red jacket.",
        last_seen=at_point(),
        last_seen_at=NOW - 10 * MINUTE,
        details=DETAILS,
        vault=vault,
    )
    found = missing(store, incident_id)
    assert (found.age, found.state, found.has_details) == ("about 6", "sought", True)
    error = refused(
        store,
        "incident-unfinished",
        advance_incident,
        OPERATOR,
        incident_id=incident_id,
        state="closed",
        outcome="a",
    )
    assert "missing person" in error.message.in_english()
    refused(
        store,
        "missing-transition-impossible",
        find_missing,
        OPERATOR,
        incident_id=incident_id,
        state="handed_over",
    )
    send(store, find_missing, OPERATOR, incident_id=incident_id, state="found", after=MINUTE)
    send(store, find_missing, OPERATOR, incident_id=incident_id, state="handed_over", after=2 * MINUTE)
    assert missing(store, incident_id).moments == {
        "sought": NOW,
        "found": NOW + MINUTE,
        "handed_over": NOW + 2 * MINUTE,
    }
    send(
        store, advance_incident, OPERATOR, incident_id=incident_id, state="closed", outcome="With her mother."
    )


def test_names_stand_in_the_vault_only_and_can_be_erased(store: MemoryStore, vault: MemoryVault) -> None:
    incident_id = reported(store, type="lost_child")
    keys = {"incident_id": incident_id, "details": DETAILS, "vault": vault}
    send(store, describe_missing, OPERATOR, age="6", **keys)
    journal = export_journal(store, STREAM)
    assert all(word.encode() not in journal for word in ("Anora", "Guardian", "+998"))
    documents = get_documents(store, STREAM)
    read = {"vault": vault, "stream": STREAM, "incident_id": incident_id}
    assert find_missing_details(OPERATOR, documents, **read) == DETAILS
    with pytest.raises(HamkorError, match="not-allowed"):
        find_missing_details(GUARD, documents, **read)
    refused(
        store, "not-allowed", erase_missing, OPERATOR, vault=vault, incident_id=incident_id, reason="Found."
    )
    refused(
        store, "reason-missing", erase_missing, COORDINATOR, vault=vault, incident_id=incident_id, reason=""
    )
    send(store, erase_missing, COORDINATOR, vault=vault, incident_id=incident_id, reason="Found.")
    assert find_missing_details(OPERATOR, get_documents(store, STREAM), **read) is None
    assert not missing(store, incident_id).has_details
    refused(store, "detail-erased", describe_missing, OPERATOR, **keys)


def test_a_name_corrected_meanwhile_is_not_put_back_by_an_old_sending(
    store: MemoryStore, vault: MemoryVault
) -> None:
    incident_id, first = reported(store, type="lost_child"), envelope(OPERATOR)
    keys = {"viewer": OPERATOR, "incident_id": incident_id, "vault": vault}
    describe_missing(store, first, **keys, details=DETAILS)
    corrected = MissingDetails(name="Anora Boshqa")
    describe_missing(store, envelope(OPERATOR, after=MINUTE), **keys, details=corrected)
    describe_missing(store, first, **keys, details=DETAILS)
    read = {"vault": vault, "stream": STREAM, "incident_id": incident_id}
    found = find_missing_details(OPERATOR, get_documents(store, STREAM), **read)
    assert found == MissingDetails(name="Anora Boshqa", guardian=DETAILS.guardian, phone=DETAILS.phone)


def test_details_follow_a_merge(store: MemoryStore, vault: MemoryVault) -> None:
    into, taken = reported(store, type="lost_child"), reported(store, type="lost_child")
    send(store, describe_missing, OPERATOR, incident_id=taken, age="6", details=DETAILS, vault=vault)
    send(store, set_medical, MEDIC, incident_id=taken, patients=1)
    send(store, merge_incidents, OPERATOR, into_id=into, from_id=taken)
    assert (missing(store, into).age, medical(store, into).patients) == ("6", 1)
    read = {"vault": vault, "stream": STREAM, "incident_id": into}
    assert find_missing_details(OPERATOR, get_documents(store, STREAM), **read) == DETAILS
    send(store, erase_missing, COORDINATOR, vault=vault, incident_id=into, reason="Found.")
    assert find_missing_details(OPERATOR, get_documents(store, STREAM), **read) is None
    assert not missing(store, into).has_details
    assert not missing(store, taken).has_details


def test_a_name_without_a_vault_is_a_fault_of_the_program(store: MemoryStore) -> None:
    with pytest.raises(ValueError, match="vault"):
        send(
            store, describe_missing, OPERATOR, incident_id=reported(store, type="lost_child"), details=DETAILS
        )


def test_strange_moments_are_refused(store: MemoryStore) -> None:
    incident_id = reported(store, type="lost_child")
    naive = (NOW - timedelta(minutes=1)).replace(tzinfo=None)
    refused(store, "field-malformed", describe_missing, OPERATOR, incident_id=incident_id, last_seen_at=naive)
    refused(store, "field-malformed", describe_missing, OPERATOR, incident_id=incident_id, sex="unknown")
