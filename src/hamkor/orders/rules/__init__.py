# SPDX-License-Identifier: Apache-2.0
"""What holds in the room orders, free of clock, network and database."""
