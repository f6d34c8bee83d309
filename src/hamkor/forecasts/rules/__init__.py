# SPDX-License-Identifier: Apache-2.0
"""Rules of forecasts: from measured values and the plan to a question, from its answer to what people are told."""
