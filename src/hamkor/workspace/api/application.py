# SPDX-License-Identifier: Apache-2.0
"""The interface as a whole: its operations, how a program shows who it is, how it is refused, its description."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from ninja import NinjaAPI

from hamkor.workspace.api import events, files, plans, talk
from hamkor.workspace.api.access import Token
from hamkor.workspace.api.openapi import complete
from hamkor.workspace.api.problems import handle_refusals, with_problems

ABOUT = (
    "Everything the pages of a plan show and do, for programs. A program shows a token that a person made on the page "
    "of tokens, and may what that person may, within the scopes of the token. Commands carry an id made by the sender: "
    "sent twice, they act once. Refusals are problem details. Answers that have an ETag are asked for again with "
    "If-None-Match. A token may ask 120 times at once and 10 times a second; then it is told how long to wait."
)


class Interface(NinjaAPI):
    """The interface, described with the schemas of our own structs."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Returns the description (OpenAPI 3.1)."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        complete(schema)
        return schema


api = Interface(
    title="Hamkor",
    version="1",
    description=ABOUT,
    urls_namespace="api-1",
    docs_url=None,
    auth=Token(),
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)
handle_refusals(api)
for each in (events, plans, talk, files):
    api.add_router("", each.router)


def addresses() -> tuple[list[Any], str, str]:
    """Returns the addresses of the interface, for the list of all addresses."""
    patterns, application, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = with_problems(pattern.callback)
    return patterns, application, namespace
