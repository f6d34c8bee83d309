# SPDX-License-Identifier: Apache-2.0
"""Fields of the plan on pages: what each is called, how it is shown, and what was typed into it."""
