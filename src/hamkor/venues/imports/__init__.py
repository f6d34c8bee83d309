# SPDX-License-Identifier: Apache-2.0
"""Readers of drawings made by other programs; called through the room's queries."""
