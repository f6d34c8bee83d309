# SPDX-License-Identifier: Apache-2.0
"""What if: a question to the crowd engine, its answer beside the base case, earlier runs, and two side by side."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from hamkor.agencies.rules import may
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message, show
from hamkor.crowd.rules.profiles import list_profiles
from hamkor.journal.queries import get_documents
from hamkor.pages.languages import current_language
from hamkor.plans.queries import plan_of
from hamkor.plans.rules.plan import Plan
from hamkor.scenarios.commands import cancel_run, delete_run, keep_result, request_run
from hamkor.scenarios.commands.runs import About
from hamkor.scenarios.queries import (
    Run,
    find_beginnings,
    get_run,
    list_files,
    list_runs,
    may_run,
    read_file,
)
from hamkor.scenarios.rules.answers import Answer
from hamkor.scenarios.rules.limits import TWO_CORES
from hamkor.scenarios.rules.options import DIRECTION_NAMES, METHOD_NAMES, ROUTING_NAMES, Options
from hamkor.scenarios.rules.questions import NothingToSimulateError, hash_of, question_of, require_ground
from hamkor.venues.rules.features import Connection, Passage, Route, Section
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.exports.kinds import TakenOut
from hamkor.workspace.forms.scenarios import BAND_RUNS, Typed, read_options, run_id_of, typed_in, typed_of
from hamkor.workspace.forms.sent import answer_refused, command_id_of
from hamkor.workspace.scenario_chart import chart_of
from hamkor.workspace.scenario_files import FILE_TYPES, as_csv, as_json
from hamkor.workspace.scenario_lines import compared_ids, kept_of, lines_of, side_by_side
from hamkor.workspace.scenario_map import SHADE_WORDS, queues_of, shades_of, sketch_of
from hamkor.workspace.scenario_shown import ResultShown, result_shown
from hamkor.workspace.stores import journals
from hamkor.workspace.views.papers import as_download

ADOPTED = N_("The result is in the record of the event. A signed plan may point at it.")
CANCELLED = N_("The run is cancelled.")
REMOVED = N_("The run is removed.")
ANSWERED_BEFORE = N_("This question was asked before. Here is its answer.")


@event_view()
def scenarios_page(page: EventPage) -> HttpResponse:
    """The form, the chosen run, earlier runs; takes a question, cancels, removes, adopts."""
    if page.request.method != "POST":
        return _shown(page)
    try:
        return _DONE.get(page.request.POST.get("do", ""), _ask)(page)
    except HamkorError as error:
        return answer_refused(error, partial(_refused, page))


@require_GET
@event_view("export_plan")
def scenario_file(page: EventPage, run: UUID, what: str) -> HttpResponse:
    """The answer of a run for other programs, or a file made beside it, as a download."""
    found, answer = get_run(page.viewer, stream=page.stream, run_id=run, now=page.now)
    name = f"{page.plan.event.id}-what-if-{str(run)[:8]}"
    made: dict[str, Callable[[], bytes]] = {
        "answer.json": lambda: as_json(found, answer),
        "answer.csv": lambda: as_csv(found, answer, names_on_drawing(page)),
    }
    if what in made:
        return as_download(TakenOut(f"{name}-{what}", FILE_TYPES[what.rpartition(".")[2]], made[what]()))
    content = read_file(page.viewer, stream=page.stream, run_id=run, name=what)
    media_type = FILE_TYPES.get(what.rpartition(".")[2], "application/octet-stream")
    return as_download(TakenOut(f"{name}-{what}", media_type, content))


def _ask(page: EventPage) -> HttpResponse:
    posted = page.request.POST
    options = read_options(typed_in(posted), find_beginnings(page.plan))
    asked = command_id_of(posted)
    about = About(
        stream=page.stream, number=page.number, plan=page.nameless_plan, language=current_language()
    )
    run_id = request_run(page.viewer, run_id=asked, about=about, options=options, at=page.now)
    if run_id != asked:
        page.tell(translate(ANSWERED_BEFORE, current_language()))
    return _to(page, run_id)


def _cancel(page: EventPage) -> HttpResponse:
    run_id = run_id_of(page.request.POST.get("run", ""))
    cancel_run(page.viewer, stream=page.stream, run_id=run_id, at=page.now)
    page.tell(translate(CANCELLED, current_language()))
    return _to(page, run_id)


def _remove(page: EventPage) -> HttpResponse:
    delete_run(page.viewer, stream=page.stream, run_id=run_id_of(page.request.POST.get("run", "")))
    page.tell(translate(REMOVED, current_language()))
    return _to(page, None)


def _adopt(page: EventPage) -> HttpResponse:
    posted = page.request.POST
    run_id = run_id_of(posted.get("run", ""))
    keep_result(journals(), page.envelope(command_id_of(posted)), viewer=page.viewer, run_id=run_id)
    page.tell(translate(ADOPTED, current_language()))
    return _to(page, run_id)


_DONE: dict[str, Callable[[EventPage], HttpResponse]] = {
    "ask": _ask,
    "cancel": _cancel,
    "remove": _remove,
    "keep": _adopt,
}


def _to(page: EventPage, run_id: UUID | None) -> HttpResponse:
    address = reverse("scenarios", kwargs={"stream": page.stream})
    return HttpResponseRedirect(address if run_id is None else f"{address}?run={run_id}")


def _refused(page: EventPage, error: HamkorError) -> HttpResponse:
    is_question = page.request.POST.get("do", "ask") not in {"cancel", "remove", "keep"}
    return _shown(page, fault=error.message, typed=typed_in(page.request.POST) if is_question else None)


def _shown(page: EventPage, *, fault: Message | None = None, typed: Typed | None = None) -> HttpResponse:
    language = current_language()
    runs = list_runs(page.viewer, stream=page.stream, now=page.now)
    names = names_on_drawing(page)
    compared = compared_ids(page.request, runs)
    chosen, answer = _chosen(page, runs)
    lines = lines_of(page, runs, names, compared=compared)
    sketch = sketch_of(page, language)
    outcome = answer.outcome if answer is not None else None
    begins = find_beginnings(page.plan)
    asked = typed or typed_of(chosen.options if chosen is not None else Options(runs=BAND_RUNS), begins)
    return page.render(
        "workspace/scenarios.html",
        current_section="scenarios",
        fault=fault,
        typed=asked,
        **_form_context(page, asked),
        begins=[
            (DIRECTION_NAMES[direction], moment.strftime("%H:%M")) for direction, moment in begins.items()
        ],
        lines=lines,
        line=next((each for each in lines if chosen is not None and each.run.id == chosen.id), None),
        is_waiting=any(each.run.is_open for each in lines),
        chosen=chosen,
        answer=answer,
        outcome=outcome,
        result=_result(page, chosen, answer),
        chart=_chart(chosen, answer, language),
        sketch=sketch,
        shades=shades_of(sketch, outcome) if sketch is not None else (),
        queues=queues_of(sketch, outcome) if sketch is not None else {},
        files=list_files(page.viewer, stream=page.stream, run_id=chosen.id) if chosen is not None else (),
        is_behind=chosen is not None and _is_behind(page, chosen),
        adopted=kept_of(page, names),
        shut_now={each.link for each in chosen.options.shut if not each.factor}
        if chosen is not None
        else set(),
        shade_words=list(enumerate(SHADE_WORDS)),
        side=side_by_side(page, [run for run in runs if run.id in compared], names),
        may_export=may(page.viewer, "export_plan"),
        may_keep=may(page.viewer, "edit_plan"),
    )


def _form_context(page: EventPage, asked: Typed) -> dict[str, Any]:
    """Returns what the form needs: its choices, the gates by name, why nothing can be asked."""
    missing = None
    try:
        require_ground(tuple(page.plan.venue.features) if page.plan.venue is not None else ())
    except NothingToSimulateError as error:
        missing = error.message
    gates, passages = _ways(page, asked.shut)
    attendance = page.plan.attendance
    expected = None if attendance is None else attendance.peak or attendance.expected
    return {
        "may_run": may_run(page.viewer),
        "missing": missing,
        "gates": gates,
        "passages": passages,
        "shut_passages": sum(link in asked.shut for link, _ in passages),
        "directions": DIRECTION_NAMES.items(),
        "methods": METHOD_NAMES.items(),
        "routings": ROUTING_NAMES.items(),
        "profiles": list_profiles(),
        "expected": expected if isinstance(expected, (int, float)) else None,
        "limits": TWO_CORES,
    }


def _ways(page: EventPage, chosen: Container[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Returns ids and names of gates, then of stairs, corridors and other passages, those that are chosen first."""
    names = names_on_drawing(page)
    gates: list[tuple[str, str]] = []
    passages: list[tuple[str, str]] = []
    for feature in page.plan.venue.features if page.plan.venue is not None else ():
        if isinstance(feature.properties, Connection):
            row = (feature.id, names[feature.id])
            (passages if isinstance(feature.properties, Passage) else gates).append(row)
    for rows in (gates, passages):
        rows.sort(key=lambda row: row[0] not in chosen)
    return gates, passages


def names_on_drawing(page: EventPage) -> dict[str, str]:
    """Returns what everything on the drawing is called in the language of the page, by id."""
    language = current_language()

    def made() -> dict[str, str]:
        features = page.plan.venue.features if page.plan.venue is not None else ()
        names = {each.id: show(each.properties.name or each.id, language) for each in features}
        for each in features:
            # A narrow part of a route is known by the name of the route, and by its own where it has one.
            sections = each.properties.sections or () if isinstance(each.properties, Route) else ()
            for section in sections:
                if isinstance(section, Section):
                    own = f" – {show(section.name, language)}" if section.name else ""
                    names[f"{each.id}/{section.id}"] = f"{names[each.id]}{own}"
        return names

    return page.keep("scenario-names", made)


def _chosen(page: EventPage, runs: tuple[Run, ...]) -> tuple[Run | None, Answer | None]:
    """Returns the run the address names; nothing chosen: the newest that has an answer."""
    text = page.request.GET.get("run", "") or page.request.POST.get("run", "")
    known = {str(run.id): run for run in runs}
    found = known.get(text) or (None if text else next((run for run in runs if run.state == "done"), None))
    if found is None:
        return None, None
    return get_run(page.viewer, stream=page.stream, run_id=found.id, now=page.now)


def _result(page: EventPage, run: Run | None, answer: Answer | None) -> ResultShown | None:
    if run is None or answer is None:
        return None
    return result_shown(run, answer, plan=_plan_then(page, run.number), names=names_on_drawing(page))


def _is_behind(page: EventPage, run: Run) -> bool:
    """Returns True when the same question would be about something else today, such as another drawing."""
    if run.number >= page.number:
        return False

    def made() -> bool:
        try:
            return hash_of(question_of(page.nameless_plan, run.options)) != run.inputs_hash
        except NothingToSimulateError:
            return True

    return page.keep(("scenario-behind", run.id), made)


def _plan_then(page: EventPage, number: int) -> Plan:
    """Returns the plan a run answers: that of the page, unless the journal has moved on."""
    if number >= page.number:
        return page.plan

    def made() -> Plan:
        return plan_of(get_documents(journals(), page.stream, until=number), {}) or page.nameless_plan

    return page.keep(("scenario-plan", number), made)


def _chart(run: Run | None, answer: Answer | None, language: str) -> Any:
    if run is None or answer is None or answer.outcome is None:
        return None
    shown = [(translate(N_("this question"), language), answer.outcome)]
    if answer.base is not None:
        name = N_("left to itself") if run.options.method == "guided" else N_("base case")
        shown.append((translate(name, language), answer.base))
    return chart_of(shown)
