# SPDX-License-Identifier: Apache-2.0
"""The console: the live picture on a screen, and what is done from it."""
