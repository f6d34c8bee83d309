# SPDX-License-Identifier: Apache-2.0
"""Reads of the norms, their parameters and the duty catalogue; each file is loaded once, when first asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Phase
from hamkor.norms.rules import (
    Duty,
    DutyCatalogue,
    DutyHolder,
    EmergencyNumber,
    Norm,
    NormSetAside,
    Parameter,
    ParameterBook,
    concerns,
    is_binding,
)

ROOM_DIR = Path(__file__).parent


class NormUnknownError(HamkorError):
    """The id is not in the collection of norms."""

    def __init__(self, norm_id: str) -> None:
        super().__init__("norm-unknown", N_("There is no norm “{norm}”."), norm=norm_id)


class ParameterUnknownError(HamkorError):
    """The name is not among the parameters of the norms."""

    def __init__(self, name: str) -> None:
        super().__init__("parameter-unknown", N_("No norm lays down “{parameter}”."), parameter=name)


class DutyUnknownError(HamkorError):
    """The id is not in the duty catalogue."""

    def __init__(self, duty_id: str) -> None:
        super().__init__("duty-unknown", N_("There is no duty “{duty}” in the catalogue."), duty=duty_id)


def get_norm(norm_id: str) -> Norm:
    """Returns the norm.

    Raises:
        NormUnknownError: No norm has the id.
    """
    try:
        return _norms()[norm_id]
    except KeyError:
        raise NormUnknownError(norm_id) from None


def find_norm(norm_id: str) -> Norm | None:
    """Returns the norm, or None when no norm has the id."""
    return _norms().get(norm_id)


def list_norms(
    *, phase: Phase | None = None, duty_holder: DutyHolder | None = None, binding_only: bool = False
) -> tuple[Norm, ...]:
    """Returns the norms in the order of the collection.

    Args:
        phase: Only norms of this phase and of any phase.
        duty_holder: Only norms that bind this party; state bodies also get what binds all of them.
        binding_only: Only law, official service rules and the model contract.
    """
    return tuple(
        norm
        for norm in _norms().values()
        if (phase is None or norm.phase in (phase, "any"))
        and (duty_holder is None or concerns(norm, duty_holder))
        and (not binding_only or is_binding(norm))
    )


def get_parameter(name: str) -> Parameter:
    """Returns a value laid down by a norm, with the id of that norm.

    Raises:
        ParameterUnknownError: No norm lays down such a value.
    """
    for parameter in _book().parameters:
        if parameter.name == name:
            return parameter
    raise ParameterUnknownError(name)


def list_parameters() -> tuple[Parameter, ...]:
    """Returns every value laid down by a norm."""
    return _book().parameters


def list_emergency_numbers() -> tuple[EmergencyNumber, ...]:
    """Returns the emergency telephone numbers with the evidence for each."""
    return _book().emergency_numbers


def list_gaps() -> tuple[str, ...]:
    """Returns what is known to be missing from the collection of norms, in English."""
    return _book().gaps


def get_duty(duty_id: str) -> Duty:
    """Returns the duty of the catalogue.

    Raises:
        DutyUnknownError: No duty has the id.
    """
    try:
        return _duties()[duty_id]
    except KeyError:
        raise DutyUnknownError(duty_id) from None


def list_duties(*, phase: Phase | None = None, essential: bool | None = None) -> tuple[Duty, ...]:
    """Returns the duties in the order of the catalogue.

    Args:
        phase: Only duties of this phase.
        essential: Only duties on which lives depend (True), or only the others (False).
    """
    return tuple(
        duty
        for duty in _duties().values()
        if (phase is None or duty.phase == phase) and (essential is None or duty.essential is essential)
    )


def list_norms_set_aside() -> tuple[NormSetAside, ...]:
    """Returns the binding norms that lay no duty on the parties of a single event, with reasons."""
    return _catalogue().not_event_specific


@cache
def _norms() -> dict[str, Norm]:
    norms = msgspec.json.decode((ROOM_DIR / "norms.json").read_bytes(), type=tuple[Norm, ...])
    return {norm.id: norm for norm in norms}


@cache
def _book() -> ParameterBook:
    return msgspec.json.decode((ROOM_DIR / "parameters.json").read_bytes(), type=ParameterBook)


@cache
def _catalogue() -> DutyCatalogue:
    return msgspec.json.decode((ROOM_DIR / "duty_catalogue.json").read_bytes(), type=DutyCatalogue)


@cache
def _duties() -> dict[str, Duty]:
    return {duty.id: duty for duty in _catalogue().duties}
