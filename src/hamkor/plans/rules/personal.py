# SPDX-License-Identifier: Apache-2.0
"""Names and phones of people are kept apart from the record, so that they can be erased."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hamkor.plans.rules.plan import Plan

# Fields of a person that are kept apart.
PERSONAL_FIELDS = ("name", "phone")


class PersonalDetails(msgspec.Struct, frozen=True):
    """What identifies a person.

    Args:
        name: Name.
        phone: Phone.
    """

    name: str | None = None
    phone: str | None = None


def set_apart(plan: Plan) -> tuple[Plan, dict[str, PersonalDetails]]:
    """Returns the plan without names and phones, and these by the person's id."""
    if plan.people is None:
        return plan, {}
    details = {
        person.id: PersonalDetails(person.name, person.phone)
        for person in plan.people
        if person.name is not None or person.phone is not None
    }
    people = tuple(msgspec.structs.replace(person, name=None, phone=None) for person in plan.people)
    return msgspec.structs.replace(plan, people=people), details


def bring_together(plan: Plan, details: Mapping[str, PersonalDetails]) -> Plan:
    """Returns the plan with the names and phones that are still kept."""
    if plan.people is None or not details:
        return plan
    nobody = PersonalDetails()
    people = tuple(
        msgspec.structs.replace(
            person,
            name=details.get(person.id, nobody).name,
            phone=details.get(person.id, nobody).phone,
        )
        for person in plan.people
    )
    return msgspec.structs.replace(plan, people=people)
