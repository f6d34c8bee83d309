# SPDX-License-Identifier: Apache-2.0
"""The sections of the printed plan: each turns one part of the plan into blocks of plain data."""
