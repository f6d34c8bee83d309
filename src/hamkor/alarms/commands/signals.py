# SPDX-License-Identifier: Apache-2.0
"""What the server notices: conditions that hold, hold still, or are gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer, require_same
from hamkor.alarms.rules.alarms import AlarmError
from hamkor.alarms.rules.evaluating import Clear, Raise, Repeat, Signal
from hamkor.alarms.rules.raising import Raising, Seen, find_rule
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import require_system


def raise_alarms(
    store: Store, envelope: Envelope, *, viewer: Viewer, alarms: Sequence[Raise | Seen]
) -> Result:
    """Raises alarms for conditions that hold; what is open already comes back or is repeated.

    Args:
        store: Where the journal is kept.
        envelope: Which part of the server, when.
        viewer: The same part.
        alarms: What an evaluator said, or what the watch saw.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    return _follow(store, envelope, viewer=viewer, verb="raise_alarms", signals=alarms)


def clear_alarms(store: Store, envelope: Envelope, *, viewer: Viewer, alarms: Sequence[Clear]) -> Result:
    """Takes in that conditions are gone: acknowledged alarms are over, others wait to be acknowledged.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    return _follow(store, envelope, viewer=viewer, verb="clear_alarms", signals=alarms)


def repeat_alarms(store: Store, envelope: Envelope, *, viewer: Viewer, alarms: Sequence[Repeat]) -> Result:
    """Counts that conditions still hold, for each alarm at most once a minute.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    return _follow(store, envelope, viewer=viewer, verb="repeat_alarms", signals=alarms)


def follow_signals(
    store: Store, envelope: Envelope, *, viewer: Viewer, signals: Sequence[Signal | Seen]
) -> Result:
    """Takes in everything an evaluator said, in its order and in one turn.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    return _follow(store, envelope, viewer=viewer, verb="follow_signals", signals=signals)


def _follow(
    store: Store, envelope: Envelope, *, viewer: Viewer, verb: str, signals: Sequence[Signal | Seen]
) -> Result:
    require_same(envelope, viewer)
    require_system(viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        turn = Raising(documents, envelope.at)
        for signal in signals:
            if isinstance(signal, Clear):
                turn.miss(
                    signal.rule,
                    subject_kind=signal.subject_kind,
                    subject=signal.subject,
                    value=signal.value,
                )
            elif _has_rule(documents, signal.rule):
                turn.see(signal if isinstance(signal, Seen) else _seen(documents, signal))
        return turn.facts

    return perform(store, envelope, decide, content=[verb, msgspec.to_builtins(list(signals))])


def _has_rule(documents: Documents, rule: str) -> bool:
    """True when a rule is there: one that was removed a moment ago must not hold up the others."""
    try:
        find_rule(documents, rule)
    except AlarmError:
        return False
    return True


def _seen(documents: Documents, signal: Raise | Repeat) -> Seen:
    feature = signal.feature
    is_drawn = feature is not None and documents.get("feature", feature) is not None
    return Seen(
        rule=signal.rule,
        subject_kind=signal.subject_kind,
        subject=signal.subject,
        place=Place(feature=feature) if is_drawn else None,
        value=signal.value,
        count=signal.count if isinstance(signal, Repeat) else 1,
    )
