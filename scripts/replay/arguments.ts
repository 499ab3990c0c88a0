/** The command line of `npm run replay`. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  type RequestedPoint,
  pointInTimeText,
  timeOf,
} from '../../src/projections/audit/history/point-in-time.ts';

const KINDS = ['ticket', 'customer', 'blast', 'user', 'job', 'invoice'] as const;
export type Kind = (typeof KINDS)[number];

export interface Arguments {
  readonly kind: Kind;
  readonly id: string;
  /** Points in time, as the person wrote them. None: now. One: as it was then. Two: what is different. */
  readonly points: readonly string[];
  readonly json: boolean;
  /** With internal notes. */
  readonly l2: boolean;
  /** How many events are shown, the last ones. */
  readonly limit: number;
}

export const USAGE = `usage: npm run replay -- ticket|customer|blast|user|job|invoice <id> [--as-of TIME | --revision N | --diff A B]
                     [--limit N] [--layer l2] [--json]

  --as-of TIME    2026-07-03T10:30:00Z, or a day: its end
  --revision N    0 is the first event of its stream
  --diff A B      what changed from A to B; each a time, a day or a revision
  --limit N       events shown, the last ones up to the moment (100)
  --layer l2      with internal notes (L2)
  --json          for tools`;

/** A wrong command line. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  'as-of': { type: 'string' },
  revision: { type: 'string' },
  diff: { type: 'string' },
  limit: { type: 'string' },
  layer: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const isRevision = (text: string): boolean => /^\d{1,15}$/.test(text);
const isUuid = (text: string): boolean => z.uuid().safeParse(text).success;
const isCustomerKey = (text: string): boolean => /^[a-z]+_[\w-]+$/.test(text);

/** @throws UsageError */
function checkTime(text: string): void {
  if (!pointInTimeText.safeParse(text).success)
    throw new UsageError(`${text} is no time: write 2026-07-03T10:30:00Z, or a day as 2026-07-03.`);
}

/** @throws UsageError */
function checkRevision(text: string): void {
  if (!isRevision(text)) throw new UsageError(`${text} is no revision: those count from 0.`);
}

/** @param timezone says when a day ends */
export const requestedPoint = (text: string, timezone: string): RequestedPoint =>
  isRevision(text)
    ? { kind: 'revision', revision: BigInt(text) }
    : { kind: 'time', at: timeOf(text, timezone) };

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [kind, id, to, ...rest] = positionals;
  const { 'as-of': asOf, revision, diff, limit = '100', layer, json = false } = values;
  const known = KINDS.find((one) => one === kind);
  if (!known || id === undefined) throw new UsageError('Say what to replay, and its id.');
  if (!isUuid(id) && !(known === 'customer' && isCustomerKey(id)))
    throw new UsageError(`${id} is no id of a ${known}: ids are UUIDs.`);
  if ([asOf, revision, diff].filter((one) => one !== undefined).length > 1)
    throw new UsageError('Only one of --as-of, --revision and --diff.');
  if (diff !== undefined && to === undefined) throw new UsageError('--diff needs two points: --diff A B.');
  if (rest.length > 0 || (diff === undefined && to !== undefined))
    throw new UsageError(`Too many arguments: ${(diff === undefined ? [to] : rest).join(' ')}.`);
  if (layer !== undefined && (layer !== 'l2' || known !== 'ticket'))
    throw new UsageError('--layer l2 is all there is, and only of a ticket.');
  if (!/^[1-9]\d{0,5}$/.test(limit)) throw new UsageError('--limit is a number of events, from 1.');
  if (asOf !== undefined) checkTime(asOf);
  if (revision !== undefined) checkRevision(revision);
  const both = diff === undefined || to === undefined ? [] : [diff, to];
  for (const one of both) if (!isRevision(one)) checkTime(one);
  return {
    kind: known,
    id,
    points: [asOf, revision, ...both].filter((one) => one !== undefined),
    json,
    l2: layer === 'l2',
    limit: Number(limit),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}
