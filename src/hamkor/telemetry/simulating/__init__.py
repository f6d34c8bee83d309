# SPDX-License-Identifier: Apache-2.0
"""Devices that do not exist: an evening of a plan as its counters and sensors would tell it, for drills and trials."""
