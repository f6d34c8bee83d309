# SPDX-License-Identifier: Apache-2.0
"""Alarms: rules over readings and documents, and the life of an alarm from raised to cleared."""
