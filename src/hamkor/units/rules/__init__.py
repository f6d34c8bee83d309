# SPDX-License-Identifier: Apache-2.0
"""What holds in the room units, free of clock, network and database."""
