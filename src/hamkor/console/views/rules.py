# SPDX-License-Identifier: Apache-2.0
"""The rules of alarms: what they say, tried against the past hour, then put in force."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect

from hamkor.agencies.rules import may, require
from hamkor.alarms import commands
from hamkor.alarms.queries import list_rules, try_on_past
from hamkor.alarms.rules.alarms import MEASURED, MEASURES, AlarmRule
from hamkor.alarms.rules.evaluating import Sample, Trial
from hamkor.alarms.rules.validating import require_rule
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message, show
from hamkor.console.opening import EventPage, event_view, journals, pool
from hamkor.console.rule_forms import NEW_SORTS, NUMBERS, RuleFormError, new_rule, rule_of
from hamkor.console.words import PRIORITY
from hamkor.pages.languages import current_language
from hamkor.pages.refusals import DEFAULT_STATUS, STATUS_OF_CODE
from hamkor.plans.rules.naming import title_of
from hamkor.telemetry.queries import list_devices, list_samples
from hamkor.telemetry.rules.readings import Measure

TRIED = timedelta(hours=1)
KEPT = N_("The rule is in force.")
REMOVED = N_("The rule is removed.")
INSTALLED = N_("The rules are taken from the plan as it stands.")
ORIGINS: dict[str, str] = {
    "plan": N_("from the plan"),
    "profile": N_("usual values"),
    "person": N_("written by a person"),
}
SORT_NAMES: dict[str, str] = {
    "threshold": N_("A value is too high or too low"),
    "rate": N_("A value rises too fast"),
    "balance": N_("More come in than there is room for"),
    "heartbeat": N_("A sensor is silent"),
    "button": N_("A panic button"),
    "cluster": N_("Several reports near each other"),
    "words": N_("Words of crushing in a report"),
    "zone_limit": N_("An area nears its limit"),
    "weather": N_("A weather limit"),
    "overdue": N_("A task is overdue"),
    "silent_post": N_("A post is silent"),
    "silent_order": N_("An order is not answered"),
    "manual": N_("Raised by hand"),
}


@event_view("see_centre")
def rules_page(page: EventPage) -> HttpResponse:
    """All rules; one of them as a form, tried or put in force by who may change them."""
    if page.request.method != "POST":
        return _shown(page, chosen=page.request.GET.get("rule", ""))
    require(page.viewer, "edit_alarms")
    chosen = page.request.POST.get("rule", "")
    try:
        return _done(page, chosen)
    except HamkorError as error:
        if error.code == "not-allowed":
            raise
        answer = _shown(page, chosen=chosen, rule=_typed(page, chosen), fault=error.message)
        answer.status_code = STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
        return answer


def _done(page: EventPage, chosen: str) -> HttpResponse:
    posted = page.request.POST
    done = posted.get("do", "")
    if done == "install":
        commands.install_rules(journals(), page.envelope(_command_id(page)), viewer=page.viewer)
        return _told(page, INSTALLED)
    before = _found(page, chosen) or _begun(chosen, posted.get("sort", ""))
    if done == "remove":
        commands.remove_rule(
            journals(), page.envelope(_command_id(page)), viewer=page.viewer, rule_id=before.id
        )
        return _told(page, REMOVED)
    rule = rule_of(posted, before)
    if done == "keep":
        commands.set_rule(journals(), page.envelope(_command_id(page)), viewer=page.viewer, rule=rule)
        return _told(page, KEPT)
    rule = require_rule(rule)
    return _shown(page, chosen=chosen, rule=rule, trial=_tried(page, rule))


def _tried(page: EventPage, rule: AlarmRule) -> Trial:
    """Returns what a rule would have raised in the past hour."""
    measures: tuple[Measure, ...] = ("button",) if rule.sort == "button" else MEASURES
    with pool().connection() as connection:
        found = list_samples(page.viewer, connection, page.stream, from_=page.now - TRIED, measures=measures)
    samples: list[Sample] = [
        (each.device, each.measure, each.feature, each.value, each.at_ms / 1000) for each in found
    ]
    devices = {each.device.id: each.device.feature for each in list_devices(page.viewer, page.documents)}
    return try_on_past(page.viewer, page.documents, rule, samples=samples, devices=devices)


def _typed(page: EventPage, chosen: str) -> AlarmRule | None:
    """Returns what was typed so far, as far as it can be read, so that nobody types it again."""
    before = _found(page, chosen) or new_rule(page.request.POST.get("sort", ""), chosen)
    if before is None or page.request.POST.get("do") not in {"try", "keep"}:
        return before
    try:
        return rule_of(page.request.POST, before)
    except RuleFormError:
        return before


def _found(page: EventPage, key: str) -> AlarmRule | None:
    return next((rule for rule in list_rules(page.viewer, page.documents) if rule.id == key), None)


def _begun(key: str, sort: str) -> AlarmRule:
    """Returns a rule nobody has written yet, under the id the form was given.

    Raises:
        RuleFormError: ``alarm-rule-absent``, unless the form is that of a new rule.
    """
    begun = new_rule(sort, key)
    if begun is not None:
        return begun
    template = N_("There is no rule “{rule}” any more. Load the page again.")
    raise RuleFormError("alarm-rule-absent", template, rule=key[:80])


def _told(page: EventPage, text: str) -> HttpResponse:
    page.tell(translate(text, current_language()))
    return HttpResponseRedirect(page.request.path)


def _command_id(page: EventPage) -> UUID:
    try:
        return UUID(page.request.POST.get("command_id", ""))
    except ValueError:
        template = N_("The form is not complete. Load the page and send it again.")
        raise RuleFormError("form-malformed", template) from None


def _shown(
    page: EventPage,
    *,
    chosen: str,
    rule: AlarmRule | None = None,
    trial: Trial | None = None,
    fault: Message | None = None,
) -> HttpResponse:
    language = current_language()
    rules = list_rules(page.viewer, page.documents)
    known = next((each for each in rules if each.id == chosen), None)
    may_edit = may(page.viewer, "edit_alarms")
    begun = new_rule(page.request.GET.get("sort", ""), str(uuid4())) if may_edit and not chosen else None
    edited = rule or known or begun
    is_tried = edited is not None and edited.sort in MEASURED | {"button"}
    names = _names(page, language)
    return page.render(
        "console/rules.html",
        lines=[_line(each, language) for each in rules],
        line=None if edited is None else _line(edited, language),
        numbers=[] if edited is None else _numbers(edited, language),
        may_edit=may_edit,
        manages_devices=may(page.viewer, "manage_devices"),
        is_tried=is_tried,
        is_new=known is None,
        # A rule nobody knows yet shows on the past hour what it does before it can speak.
        may_keep=known is not None or not is_tried or trial is not None,
        sorts=[(sort, translate(SORT_NAMES[sort], language)) for sort in NEW_SORTS],
        trial=trial,
        episodes=[(each, names.get(each.subject, each.subject)) for each in trial.episodes] if trial else (),
        fault=fault,
        measures=MEASURES,
        places=sorted(names.items(), key=lambda item: item[1]),
        contingencies=page.plan.contingencies or (),
        agencies=[each.agency for each in page.plan.event.agencies or ()],
    )


def _names(page: EventPage, language: str) -> dict[str, str]:
    features = page.plan.venue.features if page.plan.venue else ()
    return {each.id: show(title_of(each, fallback=each.id), language) for each in features}


def _line(rule: AlarmRule, language: str) -> dict[str, Any]:
    return {
        "rule": rule,
        "title": show(rule.title, language),
        "action": show(rule.action, language) if rule.action else "",
        "sort": translate(SORT_NAMES[rule.sort], language),
        "origin": translate(ORIGINS[rule.origin], language),
        "priority": translate(PRIORITY[f"priority.{rule.priority}"], language),
    }


def _numbers(rule: AlarmRule, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": translate(label, language),
            "unit": translate(unit, language) or (rule.unit if name in {"limit", "clear_at"} else ""),
            "value": "" if getattr(rule, name) is None else f"{getattr(rule, name):g}",
        }
        for name, (label, unit) in NUMBERS.items()
    ]
