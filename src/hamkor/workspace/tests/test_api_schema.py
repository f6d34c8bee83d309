# SPDX-License-Identifier: Apache-2.0
"""What programs are told of the interface and what it does are the same, also for requests nobody thought of."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hamkor.workspace.api.limits import limits
from hamkor.workspace.tokens import SCOPES, make_token

# In the process of the test, in one thread: the rows of the test are seen, and no socket is opened.
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
# A stream that does not end is tested elsewhere.
ENDING = [operation for operation in OPERATIONS if not operation.path.endswith("/live")]
EXAMPLES, FEW = 10, 4
HEAVY = ("exports", "journal", "history")
# What is well formed may still be refused, with a problem that says why; who may ask is tested elsewhere.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture
def one_connection():
    """Keeps the connection of the test open between requests: its rows are not committed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_is_as_it_is_described(navruz, make_user, one_connection):
    user = make_user("coordinator", stream=navruz)
    _row, key = make_token(user, name="all", scopes=SCOPES, days=1, stream=None, at=datetime.now(UTC))
    for operation in ENDING:
        answered = ask_at_random(operation, navruz, key)
        assert answered, operation.label
        assert max(answered) < 500, operation.label


def ask_at_random(operation, stream, key):
    """Returns the statuses of answers to requests made up for an operation; each was held against its description."""
    answered: list[int] = []

    @settings(
        max_examples=FEW if any(word in operation.path for word in HEAVY) else EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def asked(case):
        limits.forget()
        if "stream" in case.path_parameters:
            case.path_parameters["stream"] = str(stream)
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(response, checks=CHECKS)
        answered.append(response.status_code)

    asked()
    return answered


def test_the_description_is_what_programs_expect(client):
    schema = json.loads(client.get("/api/v1/openapi.json").content)
    assert schema["openapi"].startswith("3.1")
    assert schema["security"] == [{"Token": []}]
    identifiers = [
        operation["operationId"] for methods in schema["paths"].values() for operation in methods.values()
    ]
    assert len(set(identifiers)) == len(identifiers) == len(OPERATIONS)
    assert {"Plan", "Duty", "SetFields", "Problem", "Event"} <= set(schema["components"]["schemas"])
    assert "x-struct" not in json.dumps(schema)
