# SPDX-License-Identifier: Apache-2.0
"""The evening of a demonstration: a drill on the example, with devices that are played and incidents from a script."""
