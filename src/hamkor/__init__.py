# SPDX-License-Identifier: Apache-2.0
"""Hamkor: one plan, one picture, one record for everyone who keeps a mass event safe."""

__version__ = "0.1.0"
