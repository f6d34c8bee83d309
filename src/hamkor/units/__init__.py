# SPDX-License-Identifier: Apache-2.0
"""Units: who can help where, who is nearest, who was sent, and whether everybody is accounted for."""
