# SPDX-License-Identifier: Apache-2.0
"""Care for the crowd: medical cover, sanitation, weather, special effects."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal

from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.figures import Figure
from hamkor.common.records import Id, ShortText, Sourced, Text


class Medical(Sourced, frozen=True, kw_only=True):
    """`medical.yaml`: medical cover at the event."""

    first_aiders: Annotated[
        Figure | None, Meta(description="Trained helpers and first-aiders on duty at once.")
    ] = None
    paramedics: Annotated[Figure | None, Meta(description="Paramedics.")] = None
    nurses: Annotated[Figure | None, Meta(description="Nurses.")] = None
    doctors: Annotated[Figure | None, Meta(description="Doctors.")] = None
    ambulances: Annotated[Figure | None, Meta(description="Ambulances standing at the event.")] = None
    patient_vans: Annotated[Figure | None, Meta(description="Vehicles for patients who can sit.")] = None
    aid_stations: Annotated[Figure | None, Meta(description="First-aid stations.")] = None
    defibrillators: Annotated[Figure | None, Meta(description="Defibrillators at hand.")] = None
    response_min: Annotated[
        Figure | None, Meta(description="Minutes until medical help reaches any place of the event.")
    ] = None
    hospital_min: Annotated[Figure | None, Meta(description="Minutes' drive to the hospital.")] = None
    commander: Annotated[
        Id | Literal["none"] | None,
        Meta(description="Person of `people.yaml` in command of the medical cover; `none` when nobody is."),
    ] = None
    hospitals_informed: Annotated[bool | None, Meta(description="Hospitals know and have room.")] = None
    mass_casualty_plan: Annotated[bool | None, Meta(description="There is a plan for many injured.")] = None
    access_route: Annotated[
        Id | Literal["none"] | None, Meta(description="Route of the drawing kept free for ambulances.")
    ] = None


class Sanitation(Sourced, frozen=True, kw_only=True):
    """`sanitation.yaml`: toilets, water, washing."""

    toilets_women: Annotated[Figure | None, Meta(description="Toilets for women.")] = None
    toilets_men: Annotated[Figure | None, Meta(description="Toilets for men.")] = None
    toilets_unisex: Annotated[Figure | None, Meta(description="Toilets for everyone.")] = None
    urinals: Annotated[Figure | None, Meta(description="Urinals.")] = None
    toilets_accessible: Annotated[Figure | None, Meta(description="Toilets for wheelchair users.")] = None
    wash_basins: Annotated[Figure | None, Meta(description="Wash basins or hand-cleaning points.")] = None
    water_points: Annotated[Figure | None, Meta(description="Outlets of free drinking water.")] = None
    camping: Annotated[bool | None, Meta(description="People stay overnight.")] = None


class Weather(Sourced, frozen=True, kw_only=True):
    """`weather.yaml`: limits, who watches, where people go, and the forecast."""

    watched_by: Annotated[
        AgencyCode | Literal["none"] | None, Meta(description="Who watches the weather.")
    ] = None
    wind_limit_m_s: Annotated[
        Figure | None, Meta(description="Gust at which the event is stopped, metres per second.")
    ] = None
    lightning_limit_km: Annotated[
        Figure | None, Meta(description="Distance of lightning at which it is stopped, kilometres.")
    ] = None
    heat_limit_c: Annotated[Figure | None, Meta(description="Temperature at which it is stopped.")] = None
    shelter_plan: Annotated[
        Literal["none", "shelters", "send_home", "vehicles", "indoors"] | None,
        Meta(description="Where people go; `none` when nothing is planned."),
    ] = None
    shelter_time_min: Annotated[
        Figure | None, Meta(description="Minutes needed to bring everyone there.")
    ] = None
    warning_time_min: Annotated[
        Figure | None, Meta(description="Minutes between a warning and the danger.")
    ] = None
    storm_warning: Annotated[
        bool | None, Meta(description="`true` if a storm warning covers the time of the event.")
    ] = None
    forecast_gust_m_s: Annotated[Figure | None, Meta(description="Forecast gust, metres per second.")] = None
    forecast_temperature_c: Annotated[
        Annotated[float, Meta(ge=-60, le=60)] | None, Meta(description="Forecast temperature, °C.")
    ] = None
    forecast_humidity_percent: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        Meta(description="Forecast relative humidity, percent."),
    ] = None
    forecast_lightning: Annotated[bool | None, Meta(description="Thunderstorms are forecast.")] = None


class Effect(Sourced, frozen=True, kw_only=True):
    """Pyrotechnics, flame, smoke, gas or lasers."""

    id: Id
    sort: Literal["pyrotechnics", "flame", "smoke", "gas", "laser", "confetti", "balloons"]
    title: Annotated[Text | None, Meta(description="What is shown.")] = None
    indoors: Annotated[bool | None, Meta(description="`true` if used under a roof.")] = None
    area: Annotated[Id | None, Meta(description="Area of the drawing where it is used.")] = None
    distance_to_public_m: Annotated[Figure | None, Meta(description="Distance to the nearest visitor.")] = (
        None
    )
    required_distance_m: Annotated[
        Figure | None, Meta(description="Distance the maker or the permit demands.")
    ] = None
    permitted: Annotated[
        bool | None,
        Meta(description="`true` if there is a permit for it, `false` if known that there is none."),
    ] = None
    lining: Annotated[
        Literal["noncombustible", "rated", "unrated"] | None,
        Meta(description="Fire rating of what surrounds it."),
    ] = None
    operator: Annotated[ShortText | None, Meta(description="Person or firm that fires it.")] = None
    extinguishers: Annotated[bool | None, Meta(description="Extinguishing means stand ready.")] = None
