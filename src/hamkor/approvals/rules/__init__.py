# SPDX-License-Identifier: Apache-2.0
"""Agreement on a plan: what is accepted, who signed what, what voids a signature, what keeps a plan from its end."""
