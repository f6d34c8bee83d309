# SPDX-License-Identifier: Apache-2.0
"""The table of permissions: every address of the server by everybody who may ask for it."""

from __future__ import annotations

from hamkor.agencies.rules import ROLES

# Who asks. People act for these agencies; what concerns one of them is theirs to change.
OUTSIDERS = ("anonymous", "nobody", "administrator")
VIEWERS = (*OUTSIDERS, *ROLES)
AGENCY_OF_ROLE = {"liaison": "tty", "organiser": "org", "venue": "obj", "commission": "kom"}

# What happens, one letter for each of VIEWERS: anonymous, somebody without a role, an administrator without a role;
# coordinator, planner, liaison, commission, organiser, venue, legal, operator, dispatcher, field, controller, auditor.
MEANINGS = {
    ".": "it is done or shown",
    "L": "one is asked to sign in",
    "-": "there is no such thing for this person (404)",
    "x": "refused with what is missing (403)",
    "?": "allowed, but refused by a rule of the plan (422)",
    "m": "only posted to (405)",
    "R": "one is asked to confirm who one is",
    "g": "the link is not valid any more (410)",
    "t": "a token is asked for: a session opens nothing to programs (401)",
    "s": "not ready: no worker is at work in tests (503)",
}
SHOWN = "L-- ............"
EVERYBODY = "... ............"
SIGNED_IN = "L.. ............"
ADMINISTRATORS = "Lx. xxxxxxxxxxxx"

TOKENS = "ttt tttttttttttt"

# Address; method, and what is sent when one address takes several commands; who.
TABLE: dict[tuple[str, str], str] = {
    # Of machines, and of everybody.
    ("healthz", "GET"): EVERYBODY,
    ("readyz", "GET"): "sss ssssssssssss",
    ("metrics", "GET"): EVERYBODY,  # from this machine; others need a token
    ("favicon", "GET"): EVERYBODY,
    ("language", "POST"): EVERYBODY,
    ("invitation", "GET"): "ggg gggggggggggg",
    ("invitation", "POST"): "ggg gggggggggggg",
    # Of everybody who is signed in.
    ("events", "GET"): SIGNED_IN,
    ("account", "GET"): SIGNED_IN,
    ("account", "POST"): SIGNED_IN,
    ("account_email_closed", "GET"): "--- ------------",
    ("session_end", "POST"): SIGNED_IN,
    ("bodies", "GET"): SIGNED_IN,
    # Police, hokimlik and organisers begin events.
    ("new-event", "GET"): "L.. ..xx.x......",
    ("new-event", "POST"): "L.. ..xx.x......",
    # Of administrators.
    ("body", "GET"): "L-. ------------",
    ("body_add", "POST"): ADMINISTRATORS,
    ("body_change", "POST"): ADMINISTRATORS,
    ("body_invite", "POST"): ADMINISTRATORS,
    ("invitation_revoke", "POST"): ADMINISTRATORS,
    ("people_history", "GET"): ADMINISTRATORS,
    ("person", "GET"): ADMINISTRATORS,
    ("person", "POST"): ADMINISTRATORS,
    ("person_act", "POST"): "LxR xxxxxxxxxxxx",
    # One event: everybody with a role reads the plan.
    ("event", "GET"): SHOWN,
    ("live", "GET"): SHOWN,
    ("passport", "GET"): SHOWN,
    ("attendance", "GET"): SHOWN,
    ("duties", "GET"): SHOWN,
    ("tasks", "GET"): SHOWN,
    ("people", "GET"): SHOWN,
    ("posts", "GET"): SHOWN,
    ("shifts", "GET"): SHOWN,
    ("means", "GET"): SHOWN,
    ("services", "GET"): SHOWN,
    ("hazards", "GET"): SHOWN,
    ("contingencies", "GET"): SHOWN,
    ("stop", "GET"): SHOWN,
    ("warnings", "GET"): SHOWN,
    ("application", "GET"): SHOWN,
    ("item", "GET"): SHOWN,
    ("communications", "GET"): SHOWN,
    ("communication", "GET"): SHOWN,
    # Who changes what: everything, parts, or what is their agency's.
    ("edit", "POST"): "L-- ..xx.xxxxxxx",
    ("add-duties", "POST"): "L-- ..xxxxxxxxxx",
    ("new-item", "GET"): "L-- ...x..xxxxxx",
    ("new-item", "POST"): "L-- ...xxxxxxxxx",
    ("remove-item", "POST"): "L-- ..xxxxxxxxxx",
    ("new-communication", "GET"): "L-- ...x..xxxxxx",
    ("new-communication", "POST"): "L-- ..xxxxxxxxxx",
    ("remove-communication", "POST"): "L-- ..xxxxxxxxxx",
    ("erase-person", "POST"): "L-- ?xxxxxxxxxxx",
    ("undo", "POST"): "L-- ?xxxxxxxxxxx",
    # Papers.
    ("print", "GET"): SHOWN,
    ("ask-print", "POST"): "L-- .......xxx..",
    ("print-file", "GET"): "L-- -------xxx--",
    ("export", "GET"): "L-- .......xxx..",
    ("new-feed", "POST"): "L-- .......xxx..",
    ("stop-feed", "POST"): SHOWN,
    ("calendar-feed", "GET"): "--- ------------",
    ("import", "POST"): "L-- ??xx?xxxxxxx",
    ("confirm-import", "POST"): "L-- ??xx?xxxxxxx",
    ("new-from-folder", "GET"): "L.. ..xx.x......",
    ("new-from-folder", "POST"): "L?? ??xx?x??????",
    ("tokens", "GET"): SIGNED_IN,
    ("tokens", "POST"): SIGNED_IN,
    ("revoke-token", "POST"): SIGNED_IN,
    ("api-docs", "GET"): EVERYBODY,
    # The drawing.
    ("venue", "GET"): SHOWN,
    ("venue-drawing", "GET"): SHOWN,
    ("venue-change", "POST"): "L-- ..xx..xxxxxx",
    ("venue-export", "GET"): "L-- .......xxx..",
    ("venue-import", "GET"): "L-- ..xx..xxxxxx",
    ("venue-import", "POST"): "L-- ??xx??xxxxxx",
    ("venue-import-drawing", "GET"): "L-- ??xx??xxxxxx",
    ("venue-import-confirm", "POST"): "L-- ??xx??xxxxxx",
    ("venue-feature", "GET"): SHOWN,
    # What if: asked by whoever may change the plan and by liaisons; the small plan has nothing to walk on.
    ("scenarios", "GET"): SHOWN,
    ("scenarios", "POST ask"): "L-- ???x???xxxxx",
    ("scenarios", "POST cancel"): "L-- ---x---xxxxx",
    ("scenarios", "POST remove"): "L-- ---x---xxxxx",
    ("scenarios", "POST keep"): "L-- --xx---xxxxx",
    ("scenario-file", "GET"): "L-- -------xxx--",
    # Findings and the rules behind them.
    ("rule", "GET"): SIGNED_IN,
    ("findings", "GET"): SHOWN,
    ("findings", "POST"): "L-- ?xx?xxxxxxxx",
    ("findings", "POST withdraw"): "L-- ?xx?xxxxxxxx",
    # Agreement.
    ("approvals", "GET"): SHOWN,
    ("approval-version", "GET"): SHOWN,
    ("approvals", "POST put"): "L-- .xxxxxxxxxxx",
    ("approvals", "POST approve-own"): "L-- ?x?x??xxxxxx",
    ("approvals", "POST approve-whole"): "L-- ?x?x??xxxxxx",
    ("approvals", "POST withdraw"): "L-- ?x?x??xxxxxx",
    ("approvals", "POST object"): "L-- ?x?x??xxxxxx",
    ("approvals", "POST settle"): "L-- ?x?x??xxxxxx",
    ("approvals", "POST finalise"): "L-- ?xxxxxxxxxxx",
    ("approvals", "POST override"): "L-- xxx?xxxxxxxx",
    # Talk and files.
    ("questions", "GET"): SHOWN,
    ("questions", "POST ask"): "L-- .........x.x",
    ("questions", "POST comment"): "L-- .........x.x",
    ("questions", "POST correct"): "L-- ?????????x?x",
    ("questions", "POST strike"): "L-- ?????????x?x",
    ("question", "GET"): SHOWN,
    ("question", "POST answer"): "L-- ..????...x.x",
    ("question", "POST redirect"): "L-- ?????????x?x",
    ("question", "POST close"): "L-- .????????x?x",
    ("attachments", "GET"): SHOWN,
    ("attachments", "POST attach"): "L-- .........x.x",
    ("attachments", "POST strike"): "L-- ?????????x?x",
    ("attachments", "POST erase"): "L-- ?xxxxxxxxxxx",
    ("attachment", "GET"): SHOWN,
    ("history", "GET"): SHOWN,
    # The situational centre: who sees the live picture; what each may do there is asked by the commands.
    ("centre", "GET"): "L-- .........x..",
    ("centre-live", "GET"): "L-- .........x..",
    ("centre-reference", "GET"): "L-- .........x..",
    ("centre-worker", "GET"): "L-- .........x..",
    ("centre-commands", "POST"): "L-- ????????????",
    ("centre-advice", "GET"): "L-- .x.x..x..xxx",
    ("centre-forecast", "GET"): "L-- .........x..",
    ("centre-forecast", "POST"): "L-- ?xxxxxx??xxx",
    ("centre-history", "GET"): "L-- .........x..",
    ("centre-staffing", "GET"): "L-- .........x..",
    ("centre-missing", "GET"): "L-- .........xxx",
    ("centre-replay", "GET"): "L-- ?????????x??",
    ("centre-report", "GET"): "L-- .........x..",
    ("centre-rules", "GET"): "L-- .........x..",
    ("centre-rules", "POST install"): "L-- .xxxxxxxxxxx",
    ("centre-rules", "POST keep"): "L-- -xxxxxxxxxxx",
    ("centre-templates", "GET"): "L-- .........x..",
    ("centre-templates", "POST keep"): "L-- ..xx.....xxx",
    ("centre-templates", "POST remove"): "L-- --xx-----xxx",
    ("centre-duplicates", "GET"): "L-- ...x..x..xxx",
    ("centre-files", "POST"): "L-- ...x..x...xx",
    ("centre-file", "GET"): "L-- ------------",
    ("centre-devices", "GET"): "L-- .xxxxxxxxxxx",
    ("centre-devices", "POST drawn"): "L-- .xxxxxxxxxxx",
    ("centre-devices", "POST issue"): "L-- ?xxxxxxxxxxx",
    ("centre-orders", "GET"): "L-- .x.x..x...xx",
    ("centre-orders", "POST accepted"): "L-- ?x?x??x???xx",
    # Paper compared with the record, by anybody.
    ("verify", "GET"): EVERYBODY,
    ("verify-event", "GET"): EVERYBODY,
    ("verify-hash", "GET"): EVERYBODY,
    # Programs: what a token may do is in the tests of the interface.
    ("api-1:api-root", "GET"): "--- ------------",
    ("api-1:openapi-json", "GET"): EVERYBODY,
    ("^api/", "GET"): "--- ------------",
    ("api-1:live", "GET"): TOKENS,
    ("api-1:list_events", "GET"): TOKENS,
    ("api-1:begin", "POST"): TOKENS,
    ("api-1:get_event", "GET"): TOKENS,
    ("api-1:get_plan", "GET"): TOKENS,
    ("api-1:get_part", "GET"): TOKENS,
    ("api-1:get_item", "GET"): TOKENS,
    ("api-1:make_edits", "POST"): TOKENS,
    ("api-1:take_back", "POST"): TOKENS,
    ("api-1:get_findings", "GET"): TOKENS,
    ("api-1:list_history", "GET"): TOKENS,
    ("api-1:get_approvals", "GET"): TOKENS,
    ("api-1:list_comments", "GET"): TOKENS,
    ("api-1:comment", "POST"): TOKENS,
    ("api-1:list_questions", "GET"): TOKENS,
    ("api-1:ask", "POST"): TOKENS,
    ("api-1:venue", "GET"): TOKENS,
    ("api-1:calendar", "GET"): TOKENS,
    ("api-1:export", "GET"): TOKENS,
    ("api-1:journal", "GET"): TOKENS,
    ("api-1:verification", "GET"): TOKENS,
    # People with a role: seen by all of them; given by the coordinator, or by an administrator from outside.
    ("roles", "GET"): "L-. ............",
    ("role-give", "POST"): "L-. .xxxxxxxxxxx",
    ("role-end", "POST"): "L-. .xxxxxxxxxxx",
    ("role-invite", "POST"): "L-. .xxxxxxxxxxx",
    ("role-invitation-revoke", "POST"): "L-. .xxxxxxxxxxx",
}

# Addresses of the library of sign-in: its own tests are about them, ours (agencies/tests) about what we changed.
OF_THE_LIBRARY = ("account_", "mfa_", "socialaccount_", "openid_connect_", "usersessions_")
