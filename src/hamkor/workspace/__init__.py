# SPDX-License-Identifier: Apache-2.0
"""The planning workspace: pages on which all agencies make one plan together."""
