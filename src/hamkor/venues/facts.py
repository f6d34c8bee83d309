# SPDX-License-Identifier: Apache-2.0
"""What can happen to a venue drawing: it is opened, and its features are recorded or removed."""

from __future__ import annotations

import msgspec

from hamkor.journal.rules import declare_document, declare_single
from hamkor.venues.rules.features import Feature


class Drawing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drawing without its features.

    Args:
        name: Its name.
    """

    name: str | None = None


DRAWING_RECORDED = declare_single("drawing", Drawing)
FEATURE = declare_document("feature", Feature)
