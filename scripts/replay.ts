/** `npm run replay -- ticket|customer|blast|user|job|invoice <id>`: as it was at a point in time, and what happened (docs/replay.md). */
import type { Config } from '../src/config.ts';
import { openStores, type Stores } from '../src/main/wiring/stores.ts';
import { differenceOf } from '../src/projections/audit/history/difference.ts';
import { historyOf } from '../src/projections/audit/history/history.ts';
import { NOW } from '../src/projections/audit/history/point-in-time.ts';
import { customerKeyFromEvents } from '../src/projections/audit/history/customer-key.ts';
import {
  blastSubject,
  customerSubject,
  invoiceSubject,
  jobSubject,
  userSubject,
} from '../src/projections/audit/history/people-and-blasts.ts';
import type { Subject } from '../src/projections/audit/history/subject.ts';
import { ticketSubject } from '../src/projections/audit/history/ticket.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { type Arguments, requestedPoint, readArguments, USAGE, UsageError } from './replay/arguments.ts';
import { differenceText, historyText, paintFor } from './replay/text.ts';

type WithRevision = { readonly revision: bigint };

async function report<State extends WithRevision, Shown extends object>(
  { events }: Stores,
  subject: Subject<State, Shown>,
  { kind, id, points, json, l2, limit }: Arguments,
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
  const heading = { title: `${kind} ${id}`, note, paint: paintFor(process.stdout.isTTY) };
  const about = { kind, id, ...(internal !== null && { internal_notes: internal }) };
  const [first = NOW, second] = points.map((text) => requestedPoint(text, timezone));
  if (!second) {
    const query = { requested: first, now, layers: { l1: true }, limit };
    const history = await historyOf(events, subject, query);
    if (!history) throw new Error(`There was no ${kind} ${id} then, or it never had that revision.`);
    const { shown, at, revision, nextCursor } = history;
    return json
      ? JSON.stringify(
          {
            ...about,
            as_of: at,
            revision,
            ...shown,
            events: history.events,
            more_events: nextCursor !== null,
          },
          null,
          2,
        )
      : historyText(history, subject.fields(shown), heading);
  }
  const difference = await differenceOf(events, subject, [first, second], now);
  if (!difference) throw new Error(`There was no ${kind} ${id} then, or it never had that revision.`);
  if (difference.from.at > difference.to.at) throw new UsageError('--diff A B: A is after B.');
  return json ? JSON.stringify({ ...about, ...difference }, null, 2) : differenceText(difference, heading);
}

async function replay(stores: Stores, config: Config, options: Arguments): Promise<string> {
  const { kind, id, l2 } = options;
  switch (kind) {
    case 'ticket':
      return report(
        stores,
        ticketSubject(id, { l2, idleAfterHours: config.IDLE_AFTER_HOURS }),
        options,
        config.BUSINESS_TIMEZONE,
      );
    case 'user':
      return report(stores, userSubject(id), options, config.BUSINESS_TIMEZONE);
    case 'blast':
      return report(stores, blastSubject(id), options, config.BUSINESS_TIMEZONE);
    case 'invoice':
      return report(stores, invoiceSubject(id), options, config.BUSINESS_TIMEZONE);
    case 'job':
      return report(stores, jobSubject(id), options, config.BUSINESS_TIMEZONE);
    case 'customer':
      return report(
        stores,
        customerSubject(await customerKeyFromEvents(stores.events, id)),
        options,
        config.BUSINESS_TIMEZONE,
      );
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const options = readArguments(args);
  const { config, logger } = readSettings();
  const stores = await openStores(config, logger);
  try {
    console.log(await replay(stores, config, options));
  } finally {
    await stores.close();
  }
}

await runCommand(main, (error) =>
  error instanceof UsageError ? { message: `${error.message}\n\n${USAGE}`, code: 2 } : {},
);
