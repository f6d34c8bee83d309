# SPDX-License-Identifier: Apache-2.0
"""Messages and orders: sent, delivered, seen, accepted or refused, each in its time."""
