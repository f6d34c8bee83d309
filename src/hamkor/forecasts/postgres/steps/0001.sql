-- SPDX-License-Identifier: Apache-2.0
-- Forecasts: the newest of each event for who listens, and those of before, by which their own error is measured.

-- After a crash of the database it is empty, and filled again within half a minute.
CREATE UNLOGGED TABLE forecast_latest (
    stream text PRIMARY KEY,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    body jsonb NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE forecast_kept (
    stream text NOT NULL,
    made_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (stream, made_at)
);
CREATE INDEX forecast_kept_made_at ON forecast_kept (made_at);
