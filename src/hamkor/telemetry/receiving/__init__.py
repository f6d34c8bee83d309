# SPDX-License-Identifier: Apache-2.0
"""Taking readings in: who sends, what is stored, what follows from it. The process itself is in `config.serving`."""
