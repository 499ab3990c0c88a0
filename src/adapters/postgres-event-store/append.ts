import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import type { AppendResult, ExpectedRevision, InvalidEvent } from '../../ports.ts';
import { START, VersionConflict } from '../../ports.ts';
import type { EncodedEvent } from '../event-encoding.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import { int4Array, int8Array, textArray, uuidArray } from './binary-array.ts';
import { positionOf } from './rows.ts';

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EncodedEvent[];
  readonly bytes: number;
}

export type AppendOutcome = AppendResult | VersionConflict | InvalidEvent;

/** What both functions answer per append; int8 as text, because a revision is a bigint here. */
interface AppendRow {
  readonly ok: boolean;
  readonly revision: string;
  readonly position: string | null;
}
const ANSWER = sql.raw('ok, revision::text as revision, position::text as position');

const append = statement(
  'es-append',
  (stream: string, expected: bigint, ids: Buffer, types: Buffer, data: Buffer, metadata: Buffer) =>
    sql<AppendRow>`select ${ANSWER} from es.append(${stream}, ${expected}, ${ids}, ${types}, ${data}, ${metadata})`,
);

const appendBatch = statement(
  'es-append-batch',
  (
    streams: Buffer,
    expected: Buffer,
    before: Buffer,
    counts: Buffer,
    appendNrs: Buffer,
    eventNrs: Buffer,
    ids: Buffer,
    types: Buffer,
    data: Buffer,
    metadata: Buffer,
  ) =>
    sql<AppendRow>`select ${ANSWER} from es.append_batch(${streams}, ${expected}, ${before}, ${counts}, ${appendNrs},
      ${eventNrs}, ${ids}, ${types}, ${data}, ${metadata})`,
);

/** The `any` and `none` of the port in the numbers of es.append. */
export function expectedNumber(expected: ExpectedRevision): bigint {
  if (expected === 'any') return -2n;
  return expected === 'none' ? -1n : expected;
}

/** One append: `select * from es.append(...)`. Rejects with the server's error. */
export async function appendOne(client: pg.Client, one: Append): Promise<AppendOutcome> {
  const [row] = await rowsOf(
    client,
    append(one.stream, expectedNumber(one.expected), ...columns(one.events)),
  );
  return outcome(one, row);
}

/** Many appends in one transaction: `select * from es.append_batch(...)`; see there what may share a batch. */
export async function appendMany(client: pg.Client, appends: readonly Append[]): Promise<AppendOutcome[]> {
  const rows = await rowsOf(
    client,
    appendBatch(
      textArray(
        'text',
        appends.map(({ stream }) => stream),
      ),
      int8Array(appends.map(({ expected }) => expectedNumber(expected))),
      int4Array(eventsBefore(appends)),
      int4Array(appends.map(({ events }) => events.length)),
      int4Array(appends.flatMap(({ events }, index) => events.map(() => index + 1))),
      int4Array(appends.flatMap(({ events }) => events.map((_, index) => index + 1))),
      ...columns(appends.flatMap(({ events }) => events)),
    ),
  );
  return withWinners(
    appends.map((one, index) => outcome(one, rows[index])),
    appends,
  );
}

/** Per append: how many events earlier ones of the batch have for the same stream. */
function eventsBefore(appends: readonly Append[]): number[] {
  const counts = new Map<string, number>();
  return appends.map(({ stream, events }) => {
    const before = counts.get(stream) ?? 0;
    counts.set(stream, before + events.length);
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

function outcome({ stream, expected }: Append, row: AppendRow | undefined): AppendOutcome {
  if (!row) throw new Error('es.append answered too few rows');
  const revision = BigInt(row.revision);
  if (!row.ok) return new VersionConflict(stream, expected, revision);
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
  appends.forEach(({ stream, expected }, index) => {
    let at = lastGroup.get(stream) ?? 0;
    const there = groups[at]?.expectations.get(stream);
    if (there !== undefined && there !== expected) at += 1;
    const group = groups[at] ?? { members: [], expectations: new Map<string, ExpectedRevision>() };
    groups[at] = group;
    group.members.push(index);
    group.expectations.set(stream, expected);
    lastGroup.set(stream, at);
  });
  return groups.map((group) => group.members);
}
