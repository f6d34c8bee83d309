# SPDX-License-Identifier: Apache-2.0
"""Narrow sections, whether drawn as connections or listed along routes, with what wants to pass them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from hamkor.checks.rules.arrivals import TwoWay, busiest_period
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.common.figures import ZERO, Range, known
from hamkor.common.records import Text
from hamkor.crowd.rules.connections import MINUTES_PER_HOUR, one_way_per_min, surface_of, width_flow_per_min
from hamkor.crowd.rules.profiles import FlowProfile, Surface
from hamkor.venues.rules.features import Connection, Flow, Route, Section, Turnstiles, UsePerPhase

ARRIVING = frozenset({"approach", "approach_and_dispersal"})
LEAVING = frozenset({"dispersal", "approach_and_dispersal"})
WALKED = ARRIVING | LEAVING | {"circulation"}


class Demand(msgspec.Struct, frozen=True):
    """People who want to pass in an hour, each way.

    Args:
        forward_per_h: One way.
        backward_per_h: The other way.
    """

    forward_per_h: Range
    backward_per_h: Range

    @property
    def both_per_h(self) -> Range:
        """All of them."""
        return self.forward_per_h + self.backward_per_h

    @property
    def is_two_way(self) -> bool:
        """True when people pass both ways in the same hour."""
        return self.forward_per_h.nominal > 0 and self.backward_per_h.nominal > 0


class Neck(msgspec.Struct, frozen=True):
    """One section with its width, its use and its demand.

    Args:
        subject: The section, connection or route.
        route: Name of the route it lies on, None for a connection of its own.
        width_m: Clear width, None if unknown.
        surface: What people walk on.
        stated_per_h: Capacity as measured or assessed, None when the width decides.
        use: Use per phase.
        demand: What wants to pass, None if unknown.
    """

    subject: Subject
    route: Text | None
    width_m: Range | None
    surface: Surface
    stated_per_h: Range | None
    use: UsePerPhase
    demand: Demand | None

    @property
    def is_two_way(self) -> bool:
        """True when the plan sends people both ways through it at the same time."""
        by_use = any(self.use.get(phase) == "both" for phase in ("ingress", "event", "egress"))
        return by_use or (self.demand is not None and self.demand.is_two_way)

    def capacity_per_h(self, profile: FlowProfile) -> Range | None:
        """Returns people per hour it passes: as assessed, else by width, less the loss of two-way use."""
        if self.stated_per_h is not None:
            return self.stated_per_h
        if self.width_m is None:
            return None
        factor = profile.two_way_factor if self.is_two_way else 1.0
        return width_flow_per_min(self.width_m, self.surface, profile) * (MINUTES_PER_HOUR * factor)


def list_necks(context: Context) -> Iterator[Neck]:
    """Yields every narrow section along every route, then every connection that is not part of one."""
    demands = _Demands(context)
    on_routes: set[str] = set()
    for route_id, route in context.routes.items():
        demand = demands.of_route(route)
        for section in route.sections or ():
            if isinstance(section, str):
                on_routes.add(section)
            neck = _section_neck(demands, (route_id, route), section, demand)
            if neck is not None:
                yield neck
    for connection_id, connection in context.connections.items():
        if connection_id not in on_routes and not isinstance(connection, Turnstiles):
            yield _connection_neck(context, connection_id, connection, demands.of_connection(connection))


class _Demands:
    """What wants to pass, from flows and shares; the busiest hour of the event is looked for once."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def _busiest(self) -> TwoWay | None:
        return busiest_period(self.context)

    def of_connection(self, connection: Connection) -> Demand | None:
        return self._of(connection.flows, connection.arrival_share, connection.departure_share)

    def of_route(self, route: Route) -> Demand | None:
        arrival, departure = route.arrival_share, route.departure_share
        if route.flows or arrival is not None or departure is not None:
            return self._of(route.flows, arrival, departure)
        walked = [other for other in self.context.routes.values() if other.purpose in WALKED]
        if len(walked) != 1 or route.purpose not in ARRIVING | LEAVING:
            return None
        return self._of(
            (), 1.0 if route.purpose in ARRIVING else None, 1.0 if route.purpose in LEAVING else None
        )

    def _of(
        self, flows: tuple[Flow, ...], arrival_share: float | None, departure_share: float | None
    ) -> Demand | None:
        """Returns the busiest hour: of the planned flows, else of the shares of those who come and go."""
        planned = [
            Demand(known(flow.forward_per_h) or ZERO, known(flow.backward_per_h) or ZERO) for flow in flows
        ]
        if planned:
            return max(planned, key=lambda demand: demand.both_per_h.nominal)
        if self._busiest is None or (arrival_share is None and departure_share is None):
            return None
        return Demand(
            self._busiest.arriving_per_h * (arrival_share or 0.0),
            self._busiest.departing_per_h * (departure_share or 0.0),
        )


def _section_neck(
    demands: _Demands, route: tuple[str, Route], section: Section | str, demand: Demand | None
) -> Neck | None:
    route_id, properties = route
    if isinstance(section, str):
        connection = demands.context.connections.get(section)
        if connection is None or isinstance(connection, Turnstiles):
            return None
        own = demands.of_connection(connection)
        neck = _connection_neck(demands.context, section, connection, own or demand)
        return msgspec.structs.replace(
            neck, route=properties.name or route_id, use={**properties.use, **connection.use}
        )
    return Neck(
        subject=Subject("section", f"{route_id}/{section.id}", section.name or properties.name),
        route=properties.name or route_id,
        width_m=known(section.clear_width_m),
        surface=section.surface,
        stated_per_h=known(section.capacity_per_h),
        use=properties.use,
        demand=demand,
    )


def _connection_neck(
    context: Context, connection_id: str, connection: Connection, demand: Demand | None
) -> Neck:
    return Neck(
        subject=context.subject("opening", connection_id),
        route=None,
        width_m=known(connection.clear_width_m),
        surface=surface_of(connection),
        stated_per_h=known(connection.capacity_per_h),
        use=connection.use,
        demand=demand,
    )


def one_way_per_h(connection: Connection, profile: FlowProfile) -> Range | None:
    """Returns people per hour through a connection in one direction, None when it cannot be told."""
    per_min = one_way_per_min(connection, profile)
    return None if per_min is None else per_min * MINUTES_PER_HOUR
