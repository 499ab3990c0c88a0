/**
 * Watches the lines that can be asked, and takes in what their webhooks did not bring
 * (docs/design/channels.md#lines-that-are-watched).
 */
import type { Line } from '../../channels/lines.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { Clock, Leases, LineDesk, LineLook, Logger } from '../../ports.ts';
import { isUnconfirmed, lineStates, type LineTables, writeCaughtUp, writeLook } from './line-states.ts';

export interface DeskOfLine {
  readonly line: Line;
  readonly desk: LineDesk;
}

export interface LineWatchDeps {
  readonly lines: readonly DeskOfLine[];
  readonly tables: LineTables;
  /** Stores bodies as if the webhook had brought them: what is known makes nothing. @throws StoreUnavailable */
  readonly takeIn: (form: string, bodies: readonly string[]) => Promise<void>;
  /** Tells super admins that a line needs them, once each time it stops. @throws StoreUnavailable */
  readonly alarm: (line: Line, look: LineLook) => Promise<void>;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  /** Between two looks, and between two searches for what was missed, in milliseconds. */
  readonly everyMs?: number;
  readonly searchMs?: number;
}

const LOOK_MS = 60_000;
const SEARCH_MS = 300_000;
/** Clocks differ, and a webhook may be on its way: so much is looked at twice. */
const OVERLAP_MS = 600_000;
/** What is older is no news any more. Within WEBHOOK_MAX_AGE_DAYS of 7. */
const FARTHEST_MS = 6 * 24 * 3_600_000;

const NEEDS_A_PERSON: ReadonlySet<string> = new Set(['scan', 'stopped']);

/** Holds the lease `line-watch`. */
export const createLineWatch = (deps: LineWatchDeps): Job =>
  runWhileLeader(deps.leases, 'line-watch', async (signal) => {
    const searchedAt = new Map<string, number>();
    while (!signal.aborted) {
      // A signal of its own for each: they all listen at once, and Node warns of many listeners.
      await Promise.all(deps.lines.map((one) => watch(deps, one, searchedAt, AbortSignal.any([signal]))));
      await sleep(deps.everyMs ?? LOOK_MS, signal);
    }
  });

/** Never rejects: the next round tries again. */
async function watch(
  deps: LineWatchDeps,
  { line, desk }: DeskOfLine,
  searchedAt: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const { tables, clock, log, alarm } = deps;
  const about = { channel: line.channel, line: line.id };
  try {
    const look = await desk.look(line.id, signal);
    if (signal.aborted) return;
    const before = (await lineStates(tables)).find(
      (known) => known.channel === line.channel && known.line === line.id,
    );
    await writeLook(tables, line.channel, line.id, look, clock.now());
    if (look.state !== before?.state) {
      const level = NEEDS_A_PERSON.has(look.state) ? 'error' : 'info';
      log[level]({ ...about, state: look.state, detail: look.detail }, 'a line is in another state');
      if (level === 'error') await alarm(line, look);
    }
    const key = `${line.channel} ${line.id}`;
    const isBack = look.state === 'working' && before?.state !== 'working';
    const isOpen =
      look.state === 'working' &&
      desk.missed !== undefined &&
      (await isUnconfirmed(tables, line.id, clock.now(), deps.everyMs ?? LOOK_MS));
    const isDue = performance.now() - (searchedAt.get(key) ?? -Infinity) >= (deps.searchMs ?? SEARCH_MS);
    if (look.state !== 'working' || !(isBack || isDue || isOpen)) return;
    if (await search(deps, { line, desk }, before?.caughtUpTo ?? null, signal))
      searchedAt.set(key, performance.now());
  } catch (err) {
    log.warn({ ...about, err, job: 'line-watch' }, 'a line could not be looked at, trying again');
  }
}

/** @returns whether the provider answered. @throws StoreUnavailable */
async function search(
  { tables, clock, log, takeIn }: LineWatchDeps,
  { line, desk }: DeskOfLine,
  caughtUpTo: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  if (!desk.missed || desk.form === undefined) return true;
  const began = clock.now();
  const now = began.getTime();
  const since = new Date(
    Math.max((caughtUpTo === null ? now : Date.parse(caughtUpTo)) - OVERLAP_MS, now - FARTHEST_MS),
  );
  const missed = await desk.missed(line.id, since.toISOString(), signal);
  if (missed.kind === 'later') {
    log.warn(
      { channel: line.channel, line: line.id, code: missed.code },
      'a line does not say what it heard',
    );
    return false;
  }
  if (missed.bodies.length > 0) await takeIn(desk.form, missed.bodies);
  await writeCaughtUp(tables, line.channel, line.id, began);
  return true;
}
