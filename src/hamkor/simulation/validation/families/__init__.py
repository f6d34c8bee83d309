# SPDX-License-Identifier: Apache-2.0
"""What each family of cases runs and measures."""
