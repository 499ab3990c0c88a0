import type pg from 'pg';
import type { AppendResult, ExpectedRevision, InvalidEvent } from '../../ports.ts';
import { START, VersionConflict } from '../../ports.ts';
import type { EncodedEvent } from '../event-encoding.ts';
import { int4Array, int8Array, textArray, uuidArray } from './binary-array.ts';
import { positionOf } from './rows.ts';

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EncodedEvent[];
  readonly bytes: number;
}

export type AppendOutcome = AppendResult | VersionConflict | InvalidEvent;

interface AppendRow {
  readonly ok: boolean;
  readonly revision: string;
  readonly position: string | null;
}

/** The `any` and `none` of the port in the numbers of es.append. */
export function expectedNumber(expected: ExpectedRevision): bigint {
  if (expected === 'any') return -2n;
  return expected === 'none' ? -1n : expected;
}

/** One append: `select * from es.append(...)`. Rejects with the server's error. */
export async function appendOne(client: pg.Client, append: Append): Promise<AppendOutcome> {
  const { rows } = await client.query<AppendRow>({
    name: 'es-append',
    text: 'select * from es.append($1, $2, $3, $4, $5, $6)',
    values: [append.stream, expectedNumber(append.expected), ...columns(append.events)],
  });
  return outcome(append, rows[0]);
}

/** Many appends in one transaction: `select * from es.append_batch(...)`; see there what may share a batch. */
export async function appendMany(client: pg.Client, appends: readonly Append[]): Promise<AppendOutcome[]> {
  const { rows } = await client.query<AppendRow>({
    name: 'es-append-batch',
    text: 'select * from es.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [
      textArray(
        'text',
        appends.map((append) => append.stream),
      ),
      int8Array(appends.map((append) => expectedNumber(append.expected))),
      int4Array(eventsBefore(appends)),
      int4Array(appends.map((append) => append.events.length)),
      int4Array(appends.flatMap((append, index) => append.events.map(() => index + 1))),
      int4Array(appends.flatMap((append) => append.events.map((_, index) => index + 1))),
      ...columns(appends.flatMap((append) => append.events)),
    ],
  });
  return withWinners(
    appends.map((append, index) => outcome(append, rows[index])),
    appends,
  );
}

/** Per append: how many events earlier ones of the batch have for the same stream. */
function eventsBefore(appends: readonly Append[]): number[] {
  const counts = new Map<string, number>();
  return appends.map((append) => {
    const before = counts.get(append.stream) ?? 0;
    counts.set(append.stream, before + append.events.length);
    return before;
  });
}

/** Losers against an append of their own batch: the function reports the revision before the batch. */
function withWinners(outcomes: readonly AppendOutcome[], appends: readonly Append[]): AppendOutcome[] {
  if (!outcomes.some((each) => each instanceof VersionConflict)) return [...outcomes];
  const winners = new Map<string, bigint>();
  return outcomes.map((each, index) => {
    const { stream, expected } = appends[index] as Append;
    if (!(each instanceof Error)) winners.set(stream, each.revision);
    const winner = winners.get(stream);
    return each instanceof VersionConflict && winner !== undefined
      ? new VersionConflict(stream, expected, winner)
      : each;
  });
}

/** What es.append and es.append_batch take per event. */
function columns(events: readonly EncodedEvent[]): [Buffer, Buffer, Buffer, Buffer] {
  return [
    uuidArray(events.map((event) => event.id)),
    textArray(
      'text',
      events.map((event) => event.type),
    ),
    textArray(
      'json',
      events.map((event) => event.data),
    ),
    textArray(
      'json',
      events.map((event) => event.metadata),
    ),
  ];
}

function outcome(append: Append, row: AppendRow | undefined): AppendOutcome {
  if (!row) throw new Error('es.append answered too few rows');
  const revision = BigInt(row.revision);
  if (!row.ok) return new VersionConflict(append.stream, append.expected, revision);
  if (row.position === null) return { revision, position: START };
  return { revision, position: positionOf(row.position), written: true };
}

/**
 * Appends that may share one call of es.append_batch: several on one stream only with one expectation.
 * Order within a stream is kept. Nearly always one group.
 */
export function compatibleGroups(appends: readonly Append[]): (readonly number[])[] {
  const groups: { readonly members: number[]; readonly expectations: Map<string, ExpectedRevision> }[] = [];
  const lastGroup = new Map<string, number>();
  appends.forEach((append, index) => {
    let at = lastGroup.get(append.stream) ?? 0;
    const there = groups[at]?.expectations.get(append.stream);
    if (there !== undefined && there !== append.expected) at += 1;
    const group = groups[at] ?? { members: [], expectations: new Map<string, ExpectedRevision>() };
    groups[at] = group;
    group.members.push(index);
    group.expectations.set(append.stream, append.expected);
    lastGroup.set(append.stream, at);
  });
  return groups.map((group) => group.members);
}
