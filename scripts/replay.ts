/** `npm run replay -- ticket|customer|blast|user <id>`: what it was at a moment, and what happened (docs/replay.md). */
import type { Config } from '../src/config.ts';
import { openStores, type Stores } from '../src/main/wiring/stores.ts';
import { differenceOf } from '../src/projections/audit/history/difference.ts';
import { historyOf } from '../src/projections/audit/history/history.ts';
import { NOW } from '../src/projections/audit/history/point-in-time.ts';
import { customerKeyOf } from '../src/projections/audit/history/customer-key.ts';
import {
  blastSubject,
  customerSubject,
  userSubject,
} from '../src/projections/audit/history/people-and-blasts.ts';
import type { Subject } from '../src/projections/audit/history/subject.ts';
import { ticketSubject } from '../src/projections/audit/history/ticket.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { type Arguments, askedBy, readArguments, USAGE, UsageError } from './replay/arguments.ts';
import { differenceText, historyText, paintFor } from './replay/text.ts';

type Counted = { readonly revision: bigint };

async function tell<State extends Counted, Shown extends object>(
  { events }: Stores,
  subject: Subject<State, Shown>,
  { kind, id, moments, json, l2, limit }: Arguments,
  timezone: string,
): Promise<string> {
  const now = new Date();
  const internal = kind !== 'ticket' ? null : l2 ? 'included' : 'left out';
  const note =
    internal === null
      ? null
      : l2
        ? 'With internal notes (L2): not for customers, nor for viewers.'
        : 'Internal notes (L2) are left out: --layer l2 shows them.';
  const titled = { title: `${kind} ${id}`, note, paint: paintFor(process.stdout.isTTY) };
  const about = { kind, id, ...(internal !== null && { internal_notes: internal }) };
  const [a = NOW, b] = moments.map((one) => askedBy(one, timezone));
  if (!b) {
    const told = await historyOf(events, subject, { asked: a, now, sight: { l1: true }, limit });
    if (!told) throw new Error(`There was no ${kind} ${id} then, or it never had that revision.`);
    const { then, at, revision, nextCursor } = told;
    return json
      ? JSON.stringify(
          { ...about, as_of: at, revision, ...then, events: told.events, more_events: nextCursor !== null },
          null,
          2,
        )
      : historyText(told, subject.fields(then), titled);
  }
  const difference = await differenceOf(events, subject, [a, b], now);
  if (!difference) throw new Error(`There was no ${kind} ${id} then, or it never had that revision.`);
  if (difference.from.at > difference.to.at) throw new UsageError('--diff A B: A is after B.');
  return json ? JSON.stringify({ ...about, ...difference }, null, 2) : differenceText(difference, titled);
}

async function replay(stores: Stores, config: Config, wanted: Arguments): Promise<string> {
  const { kind, id, l2 } = wanted;
  switch (kind) {
    case 'ticket':
      return tell(
        stores,
        ticketSubject(id, { l2, idleAfterHours: config.IDLE_AFTER_HOURS }),
        wanted,
        config.BUSINESS_TIMEZONE,
      );
    case 'user':
      return tell(stores, userSubject(id), wanted, config.BUSINESS_TIMEZONE);
    case 'blast':
      return tell(stores, blastSubject(id), wanted, config.BUSINESS_TIMEZONE);
    case 'customer':
      return tell(
        stores,
        customerSubject(await customerKeyOf(stores.events, id)),
        wanted,
        config.BUSINESS_TIMEZONE,
      );
  }
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const wanted = readArguments(words);
  const { config, logger } = readSettings();
  const stores = await openStores(config, logger);
  try {
    console.log(await replay(stores, config, wanted));
  } finally {
    await stores.close();
  }
}

await runCommand(main, (error) =>
  error instanceof UsageError ? { message: `${error.message}\n\n${USAGE}`, code: 2 } : {},
);
