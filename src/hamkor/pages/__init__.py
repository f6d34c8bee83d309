# SPDX-License-Identifier: Apache-2.0
"""What all pages share: layout, languages, refusals, words and signs."""
