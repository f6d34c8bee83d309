# SPDX-License-Identifier: Apache-2.0
"""Forecasts: what the next minutes bring, from what is measured now."""
