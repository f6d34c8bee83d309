# SPDX-License-Identifier: Apache-2.0
"""Constants of the models of speed and flow, as typed data."""

from __future__ import annotations

from functools import cache

import msgspec

from hamkor.crowd.rules.tables import Profile, read_table


class SfpeModel(Profile, frozen=True, kw_only=True):
    """Constants of the Nelson and Mowrer model."""

    a_m2: float
    k_m_per_s: dict[str, float]
    free_share: float
    free_below_per_m2: float
    boundary_m: dict[str, float]


class WeidmannModel(Profile, frozen=True, kw_only=True):
    """Constants of Weidmann's fundamental diagram."""

    free_speed_m_per_s: float
    free_speed_sd_m_per_s: float
    exponent_per_m2: float
    jam_density_per_m2: float
    stairs_up_m_per_s: float
    stairs_down_m_per_s: float


class ImoModel(Profile, frozen=True, kw_only=True):
    """Constants of the IMO guidelines."""

    max_flow_per_m_s: dict[str, float]
    corridor_speed_by_flow: tuple[tuple[float, float], ...]
    jam_density_per_m2: float
    jam_speed_m_per_s: float


class PredtechenskiiModel(Profile, frozen=True, kw_only=True):
    """Coefficients of Predtechenskii and Milinskii."""

    speed_m_per_min: tuple[float, ...]
    max_density: float
    door: tuple[float, float, float, float]
    stairs_down: tuple[float, float, float, float, float]
    emergency: tuple[float, float]


class FlowModels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The models as data."""

    sfpe: SfpeModel
    weidmann: WeidmannModel
    imo: ImoModel
    predtechenskii: PredtechenskiiModel


@cache
def flow_models() -> FlowModels:
    """Returns the constants of the models.

    Source: ``profiles/flow_models.yaml``.
    """
    return read_table("flow_models.yaml", FlowModels)
