# SPDX-License-Identifier: Apache-2.0
"""Every single person walking: the collision-free speed model with own parameters for each, on several storeys."""
