# SPDX-License-Identifier: Apache-2.0
"""How stewards should split the crowd: the quickest flow there is, and sentences that say it."""
