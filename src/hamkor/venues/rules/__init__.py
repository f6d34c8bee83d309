# SPDX-License-Identifier: Apache-2.0
"""Venue drawings: typed features, metric geometry and the graph of areas and openings."""
