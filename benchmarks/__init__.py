# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: ratios to the least that must be done, so that they mean the same on every machine."""
