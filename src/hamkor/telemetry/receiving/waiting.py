# SPDX-License-Identifier: Apache-2.0
"""What every process that follows journals does: it hears that one moved, and waits longer after each failure."""

from __future__ import annotations

from hamkor.journal.live import Listener, back_off_s

__all__ = ["Listener", "back_off_s"]
