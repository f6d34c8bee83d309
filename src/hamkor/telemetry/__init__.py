# SPDX-License-Identifier: Apache-2.0
"""Readings of devices: what they measured, when they were last heard, and the state of zones that follows."""
