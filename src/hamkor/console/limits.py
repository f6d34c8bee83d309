# SPDX-License-Identifier: Apache-2.0
"""How much a browser may send, and how far back it may ask; ours."""

from __future__ import annotations

# A command typed by a person is short; a file goes to an address of its own.
BODY_MAX_BYTES = 128 * 1024
# What a form says beside the file it sends.
FORM_MAX_BYTES = 16 * 1024
# A chart of a day in minutes.
MINUTES_MAX = 24 * 60
