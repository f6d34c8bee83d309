# SPDX-License-Identifier: Apache-2.0
"""Pure crowd-safety formulas, tables and profiles: one family per module, imported by module name."""
