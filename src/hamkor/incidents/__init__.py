# SPDX-License-Identifier: Apache-2.0
"""Incidents: from report to closure, by numbers, with prompts, merges and corrections that delete nothing."""
