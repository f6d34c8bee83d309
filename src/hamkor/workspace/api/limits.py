# SPDX-License-Identifier: Apache-2.0
"""How often a program may ask: a bucket for each token that fills up again, in each process for itself."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

REQUESTS_AT_ONCE = 120
REQUESTS_PER_S = 10.0
# What costs seconds of a processor counts as many.
HEAVY = 10.0
MOST_CALLERS = 10_000


class TooOftenError(HamkorError):
    """A program asks too often.

    Args:
        wait_s: After how many seconds it may ask again.
    """

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        template = N_("This program asks too often. Let it wait {seconds} s, then ask again.")
        super().__init__("too-many", template, seconds=wait_s)


class Limits:
    """Buckets by caller.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def spend(self, caller: str, cost: float = 1.0) -> None:
        """Takes a request's cost out of the caller's bucket.

        Raises:
            TooOftenError: ``too-many``, when too little is in it.
        """
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(caller, (float(REQUESTS_AT_ONCE), now))
            left = min(float(REQUESTS_AT_ONCE), left + (now - at) * REQUESTS_PER_S)
            is_enough = left >= cost
            self._left[caller] = (left - cost if is_enough else left, now)
            while len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        if not is_enough:
            raise TooOftenError(math.ceil((cost - left) / REQUESTS_PER_S))

    def forget(self) -> None:
        """Fills every bucket again."""
        with self._lock:
            self._left.clear()


limits = Limits()
