// SPDX-License-Identifier: Apache-2.0
// A browser keeps up to six links to a server. After a change of network each of them may be dead without knowing it, and
// only a try that is given up brings a new one: so the first tries are short.
const LINKS = 6;
const FETCH_MS = 20_000;

/** Whether one of the links that stood before may be what keeps us waiting. */
export const mayBeDead = (givenUp) => givenUp < LINKS;

/** How long to wait for an answer, milliseconds, after so many tries in a row that were given up. */
export const patienceMs = (givenUp, shortMs, longMs) => (mayBeDead(givenUp) ? shortMs : longMs);

/** Ends a request nobody answers: without it one that hangs on a dead link hangs for a quarter of an hour. */
export const enough = (ms = FETCH_MS) => AbortSignal.timeout(ms);
