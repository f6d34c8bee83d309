# SPDX-License-Identifier: Apache-2.0
"""The papers of an event: permit, contract, licence, certificate, conclusions and waivers."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.figures import Figure
from hamkor.common.records import Id, ShortText, Sourced, Text


class Paper(Sourced, frozen=True, kw_only=True):
    """A permit, contract, licence or certificate and the state it is in."""

    state: Annotated[
        Literal["not_needed", "none", "applied", "drafted", "issued", "signed", "refused", "withdrawn"],
        Meta(description="Where it stands."),
    ]
    number: Annotated[ShortText | None, Meta(description="Number of the paper.")] = None
    applied_date: Annotated[date | None, Meta(description="Day of application.")] = None
    issued_date: Annotated[date | None, Meta(description="Day of issue or signature.")] = None
    valid_until_date: Annotated[date | None, Meta(description="Last day it is valid.")] = None
    issuer: Annotated[Text | None, Meta(description="Who issues it.")] = None


class SafetyCertificate(Paper, frozen=True, kw_only=True):
    """The paper that says how many people the venue may hold."""

    capacity: Annotated[Figure | None, Meta(description="People it allows at once.")] = None
    reviewed_date: Annotated[date | None, Meta(description="Day of its last review.")] = None
    changed_since: Annotated[
        bool | None, Meta(description="`true` if the venue was altered after the last review.")
    ] = None
    capacity_per_area: Annotated[
        bool | None,
        Meta(
            description="`true` if it gives a number for each closed area, `false` if only one for the whole."
        ),
    ] = None


class Conclusion(Sourced, frozen=True, kw_only=True):
    """One heading of the commission's examination."""

    heading: Annotated[
        Literal["fire", "sanitary", "medical", "security", "structure", "electrical", "traffic"],
        Meta(description="What was examined."),
    ]
    result: Literal["positive", "negative", "pending"]
    by: Annotated[AgencyCode | None, Meta(description="Agency that concluded.")] = None
    on_date: Annotated[date | None, Meta(description="Day of the conclusion.")] = None


class Waiver(Sourced, frozen=True, kw_only=True):
    """A rule that was set aside for this event."""

    id: Id
    rule: Annotated[Text, Meta(description="The rule that is not kept.")]
    signed_by: Annotated[
        ShortText | Literal["none"] | None,
        Meta(
            description=(
                "Person of `people.yaml` or office that signed; `none` when it is known that nobody "
                "put a name."
            )
        ),
    ] = None
    signed_date: Annotated[date | None, Meta(description="Day of signature.")] = None
    compensation: Annotated[Text | None, Meta(description="What is done instead to keep people safe.")] = None


class Legal(Sourced, frozen=True, kw_only=True):
    """`legal.yaml`: permit, contract, licences, certificate, conclusions and waivers."""

    permit: Annotated[Paper | None, Meta(description="Permit to hold the event.")] = None
    security_contract: Annotated[Paper | None, Meta(description="Contract on public order.")] = None
    concert_licence: Annotated[Paper | None, Meta(description="Licence for concerts and shows.")] = None
    insurance: Annotated[Paper | None, Meta(description="Liability insurance.")] = None
    certificate: Annotated[SafetyCertificate | None, Meta(description="Safety certificate.")] = None
    conclusions: Annotated[
        tuple[Conclusion, ...] | None, Meta(description="Conclusions of the commission.")
    ] = None
    waivers: Annotated[tuple[Waiver, ...] | None, Meta(description="Rules set aside.")] = None
    advertising_started_date: Annotated[date | None, Meta(description="Day the advertising began.")] = None
    sales_started_date: Annotated[date | None, Meta(description="Day the first ticket was sold.")] = None
