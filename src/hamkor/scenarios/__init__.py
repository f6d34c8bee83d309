# SPDX-License-Identifier: Apache-2.0
"""What if: questions to the crowd engine about a plan, worked off beside the server, and answers worth keeping."""
