# SPDX-License-Identifier: Apache-2.0
"""The same measures by PedPy, an independent implementation: what ours are compared with.

Source: Schrödter, Kraus et al., PedPy 1.5.1 (MIT licence), after Steffen, Seyfried (2010), Methods for
measuring pedestrian density, flow, speed and direction with minimal scatter.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from hamkor.simulation.measures.tracks import Floats, Tracks
from hamkor.simulation.rules.floors import Segment


def pedpy_trajectories(tracks: Tracks) -> Any:
    """Returns trajectories as PedPy takes them, one frame for each moment.

    Args:
        tracks: Where everybody was, at equal steps.
    """
    import pandas as pd
    import pedpy

    frames = np.rint((tracks.row_times_s - tracks.times_s[0]) / tracks.step_s).astype(int)
    table = pd.DataFrame({"id": tracks.ids, "frame": frames, "x": tracks.x_m, "y": tracks.y_m})
    return pedpy.TrajectoryData(data=table, frame_rate=1 / tracks.step_s)


def pedpy_density(
    tracks: Tracks, area: Any, *, walkable: Any = None, kind: Literal["classic", "voronoi"] = "classic"
) -> Floats:
    """Returns people per m² in an area at every moment.

    Args:
        tracks: Where everybody was, at equal steps.
        area: Shapely polygon in metres, convex.
        walkable: Shapely polygon of the ground; needed for Voronoi cells.
        kind: Heads over the size of the area, or cells of the nearest person.
    """
    import pedpy

    measured = pedpy.MeasurementArea(area)
    trajectories = pedpy_trajectories(tracks)
    if kind == "classic":
        table = pedpy.compute_classic_density(traj_data=trajectories, measurement_area=measured)
    else:
        cells = _voronoi_cells(trajectories, walkable)
        table, _cut = pedpy.compute_voronoi_density(individual_voronoi_data=cells, measurement_area=measured)
    return _by_moment(
        tracks, table["density"] if "frame" not in table else table.set_index("frame")["density"]
    )


def pedpy_speed(tracks: Tracks, area: Any, *, window_s: float) -> Floats:
    """Returns the mean speed of the people in an area at every moment, m/s, NaN when nobody is in it.

    Args:
        tracks: Where everybody was, at equal steps.
        area: Shapely polygon in metres, convex.
        window_s: Speed is the way between half a window before and after.
    """
    import pedpy

    trajectories = pedpy_trajectories(tracks)
    speeds = pedpy.compute_individual_speed(
        traj_data=trajectories,
        frame_step=max(1, round(window_s / 2 / tracks.step_s)),
        speed_calculation=pedpy.SpeedCalculation.BORDER_SINGLE_SIDED,
    )
    table = pedpy.compute_mean_speed_per_frame(
        traj_data=trajectories, individual_speed=speeds, measurement_area=pedpy.MeasurementArea(area)
    )
    return _by_moment(tracks, table["speed"] if "frame" not in table else table.set_index("frame")["speed"])


def pedpy_passages_s(tracks: Tracks, line: Segment) -> Floats:
    """Returns when somebody crossed a line for the first time, rising, seconds.

    Args:
        tracks: Where everybody was, at equal steps.
        line: Its two ends in metres.
    """
    import pedpy

    _table, passages = pedpy.compute_n_t(
        traj_data=pedpy_trajectories(tracks), measurement_line=pedpy.MeasurementLine(line)
    )
    frames: Floats = np.sort(passages["frame"].to_numpy()).astype(float)
    return np.asarray(frames * tracks.step_s + tracks.times_s[0], float)


def _voronoi_cells(trajectories: Any, walkable: Any) -> Any:
    import pedpy

    return pedpy.compute_individual_voronoi_polygons(
        traj_data=trajectories,
        walkable_area=pedpy.WalkableArea(walkable),
        cut_off=pedpy.Cutoff(radius=1.0, quad_segments=3),
    )


def _by_moment(tracks: Tracks, column: Any) -> Floats:
    frames = np.rint((tracks.times_s - tracks.times_s[0]) / tracks.step_s).astype(int)
    return np.asarray(column.reindex(frames).to_numpy(), float)
