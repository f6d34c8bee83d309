# SPDX-License-Identifier: Apache-2.0
"""Asking, cancelling and removing: drafts that leave no trace in the journal."""

from __future__ import annotations

import zlib
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction
from procrastinate.contrib.django import app

from hamkor.agencies.rules import Viewer, require
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import DEFAULT_LANGUAGE
from hamkor.common.messages import N_, show
from hamkor.plans.rules.plan import Plan
from hamkor.scenarios.models import ScenarioRun
from hamkor.scenarios.queries import ScenarioAbsentError, may_run, may_stop
from hamkor.scenarios.rules.answers import OPEN_STATES
from hamkor.scenarios.rules.limits import TWO_CORES, Lane, RunLimits
from hamkor.scenarios.rules.options import Options, base_of, judge_options, lane_of
from hamkor.scenarios.rules.questions import Question, encode_question, hash_of, links_of, question_of


class ScenarioError(HamkorError):
    """This cannot be done with what-if runs now; says why."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """The plan a question is about.

    Args:
        stream: The event.
        number: Number of the entry of its journal.
        plan: The plan at that entry.
        language: Language of files made beside the answer, such as a replay.
    """

    stream: UUID
    number: int
    plan: Plan
    language: str = DEFAULT_LANGUAGE


def request_run(
    viewer: Viewer,
    *,
    run_id: UUID,
    about: About,
    options: Options,
    at: datetime,
    limits: RunLimits = TWO_CORES,
) -> UUID:
    """Puts a question to the worker and returns the id of the run that answers it.

    Args:
        viewer: Who asks.
        run_id: Id made by who asks, so that asking twice does it once.
        about: The plan it is about.
        options: What is asked.
        at: When, aware.
        limits: What the installation takes on.

    Returns:
        Another id than `run_id`, when the same question about the same plan is answered or on its way already.

    Raises:
        NotAllowedError: ``not-allowed``.
        OptionsError: As `judge_options`.
        NothingToSimulateError: ``scenario-no-drawing``.
        ScenarioError: ``too-many``, when the person has too many runs on their way.
        HamkorError: ``command-id-reused``, when the id stands for another question.
    """
    require_asker(viewer)
    judged = judge_options(options, links_of(about.plan), limits)
    question = question_of(about.plan, judged)
    inputs_hash = hash_of(question)
    with transaction.atomic():
        found = _find_asked(run_id, about.stream, inputs_hash) or _find_same(about.stream, inputs_hash)
        if found is not None:
            return found
        _require_room(viewer, about.stream, limits)
        lane = lane_of(judged, limits)
        ScenarioRun.objects.create(
            pk=run_id,
            stream=about.stream,
            number=about.number,
            inputs_hash=inputs_hash,
            base_hash=_hash_of_base(question),
            options=msgspec.to_builtins(judged),
            lane=lane,
            by=viewer.person,
            agency=viewer.agency or "",
            language=about.language,
            title=show(about.plan.event.name, about.language)[:200],
            asked_at=at,
            inputs=zlib.compress(encode_question(question)),
        )
        _drop_oldest(about.stream, limits)
        wake(lane)
    return run_id


def cancel_run(viewer: Viewer, *, stream: UUID, run_id: UUID, at: datetime) -> None:
    """Takes a question back; one at work is stopped within two seconds. Nothing happens when it has ended.

    Args:
        viewer: Who cancels: who asked, or a coordinator.
        stream: The event.
        run_id: Which run.
        at: When, aware.

    Raises:
        NotAllowedError: ``not-allowed``.
        ScenarioAbsentError: ``scenario-absent``.
        ScenarioError: ``scenario-not-yours``.
    """
    row = _found_stoppable(viewer, stream, run_id)
    # Two may end it at once: only one that is still open is cancelled.
    ScenarioRun.objects.filter(pk=row.pk, state__in=OPEN_STATES).update(
        state="cancelled", ended_at=at, inputs=None
    )


def delete_run(viewer: Viewer, *, stream: UUID, run_id: UUID) -> None:
    """Removes a run with its answer and files; one at work is stopped. What is in the record stays there.

    Raises:
        NotAllowedError: ``not-allowed``.
        ScenarioAbsentError: ``scenario-absent``.
        ScenarioError: ``scenario-not-yours``.
    """
    _found_stoppable(viewer, stream, run_id).delete()


def require_asker(viewer: Viewer) -> None:
    """Returns when the person may ask the crowd engine about this event.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not may_run(viewer):
        require(viewer, "edit_own")


def wake(lane: Lane) -> None:
    """Tells the worker that something waits in a lane."""
    # By its name: the job itself stands beside this module, not below it.
    app.configure_task("scenarios.work_off", queue="scenarios").defer(lane=lane)


def _hash_of_base(question: Question) -> str:
    """Returns the hash of the case the answer is compared with, empty when that is the question itself."""
    options = base_of(question.options)
    return "" if options == question.options else hash_of(msgspec.structs.replace(question, options=options))


def _find_asked(run_id: UUID, stream: UUID, inputs_hash: str) -> UUID | None:
    """Returns the id when this very command was sent before."""
    row = ScenarioRun.objects.filter(pk=run_id).only("id", "stream", "inputs_hash").first()
    if row is None:
        return None
    if (row.stream, row.inputs_hash) != (stream, inputs_hash):
        template = N_("The form was sent before with another question. Load the page and ask again.")
        raise ScenarioError("command-id-reused", template)
    return run_id


def _find_same(stream: UUID, inputs_hash: str) -> UUID | None:
    """Returns a run of this event that answers the same question, or is about to."""
    rows = ScenarioRun.objects.filter(
        stream=stream, inputs_hash=inputs_hash, state__in=("done", *OPEN_STATES)
    )
    return rows.order_by("-state", "asked_at").values_list("pk", flat=True).first()


def _require_room(viewer: Viewer, stream: UUID, limits: RunLimits) -> None:
    count = ScenarioRun.objects.filter(stream=stream, by=viewer.person, state__in=OPEN_STATES).count()
    if count >= limits.most_open_of_one:
        template = N_("{count} of your runs are on their way. Wait for one, or cancel one.")
        raise ScenarioError("too-many", template, count=count)


def _drop_oldest(stream: UUID, limits: RunLimits) -> None:
    """Removes the oldest ended runs above the limit; open ones stay."""
    ended = ScenarioRun.objects.filter(stream=stream).exclude(state__in=OPEN_STATES)
    old = list(ended.values_list("pk", flat=True)[limits.most_kept :])
    ScenarioRun.objects.filter(pk__in=old).delete()


def _found_stoppable(viewer: Viewer, stream: UUID, run_id: UUID) -> ScenarioRun:
    require_asker(viewer)
    row = ScenarioRun.objects.filter(stream=stream, pk=run_id).only("id", "by", "state").first()
    if row is None:
        raise ScenarioAbsentError
    if not may_stop(viewer, row.by):
        template = N_("Somebody else asked this. They, or the coordinator, can cancel or remove it.")
        raise ScenarioError("scenario-not-yours", template)
    return row
