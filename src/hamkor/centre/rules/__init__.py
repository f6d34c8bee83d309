# SPDX-License-Identifier: Apache-2.0
"""What holds in the room centre, free of clock, network and database."""
