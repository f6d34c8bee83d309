# SPDX-License-Identifier: Apache-2.0
"""Pictures of the venue: drawn to scale where there are coordinates, as a diagram where there are none."""
