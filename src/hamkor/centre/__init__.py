# SPDX-License-Identifier: Apache-2.0
"""The situational centre as a whole: the watch over time limits, who sees what, reports of the situation, the past."""
