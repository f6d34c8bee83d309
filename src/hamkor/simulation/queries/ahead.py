# SPDX-License-Identifier: Apache-2.0
"""The next minutes from what is counted now; a module of its own, because who asks other questions needs no numpy."""

from hamkor.simulation.network.counted import LinkFlow, State
from hamkor.simulation.network.live import Forecast, forecast

__all__ = ["Forecast", "LinkFlow", "State", "forecast"]
