/** Views, jobs, webhooks, Redis: does the work get done? */
import { createClient } from 'redis';
import { createClamd } from '../../src/adapters/clamd/clamd.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { createLogger } from '../../src/adapters/logger.ts';
import { createStreamMemory, listNotWhole } from '../../src/engine/commands/streams-not-whole.ts';
import { whyNotWhole } from '../../src/engine/commands/whole-stream.ts';
import { openProviderErasures } from '../../src/adapters/personal-data/provider-erasures.ts';
import type { ScannerAddress } from '../../src/config/values.ts';
import type { EventStore, StoreLook, WebhookInbox, WriteStore } from '../../src/ports.ts';
import { jobCheckpointStatuses } from '../../src/engine/jobs/job-checkpoint-status.ts';
import { createProjectionStatus } from '../../src/engine/projections/projection-status.ts';
import { openChange } from '../../src/engine/store-identity/changed-store.ts';
import { verdictOf } from '../../src/engine/store-identity/verdict.ts';
import { leftovers } from '../../src/engine/projections/rebuild/leftovers.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';

/** A view that is behind for so long is not only busy. */
const LATE_SECONDS = 60;
/** Each is read from its start. */
const MOST_STREAMS = 20;

/** Is it the event store of this installation, and as it was (docs/design/reliability.md#the-right-store)? */
export async function rightStore(store: StoreLook, write: WriteStore): Promise<Finding> {
  const verdict = await verdictOf(write, store);
  const change = await openChange(write);
  if (verdict.kind === 'right' && change === null) return ok('right store', 'it holds what it held');
  const { expected, found } = verdict.kind === 'changed' ? verdict : (change ?? { expected: '', found: '' });
  const since = change === null ? '' : `, since ${change.since.toISOString()}`;
  return verdict.kind === 'right'
    ? warning(
        'right store',
        `It is back: expected ${expected}, found ${found}${since}.`,
        'A running process notes it within seconds.',
      )
    : problem(
        'right store',
        `Expected ${expected}, found ${found}${since}. Nothing is written meanwhile, webhooks are kept.`,
        'Bring the right one back (EVENTSTORE_URL, the data folder of the server), then it goes on by itself. If this one is right: npm run store:accept (docs/troubleshooting.md).',
      );
}

export async function views(store: EventStore, write: WriteStore): Promise<readonly Finding[]> {
  const pubSub = {
    publish: () => undefined,
    subscribe: () => () => undefined,
    close: () => Promise.resolve(),
  };
  const projectionStatus = createProjectionStatus({ store, write, pubSub, clock: systemClock });
  try {
    const all = await projectionStatus.status();
    if (all.length === 0) return [warning('views', 'No projector has run yet.', 'npm start')];
    const lag = await projectionStatus.lag(all);
    return all.map((view) => {
      const check = `view ${view.view}`;
      const events = lag.get(view.view) ?? Number.NaN;
      if (view.wrongStore) {
        return problem(
          check,
          'It was built from another event store.',
          'npm run store:accept, then npm run projections -- rebuild all (docs/backup.md).',
        );
      }
      if (view.state === 'stopped')
        return problem(
          check,
          `It stopped at event ${view.stoppedAtEvent ?? '?'}: ${view.stoppedBecause ?? '?'}.`,
          'Update the program and start it again; or pass over the event: npm run projections -- skip (docs/ops/README.md).',
        );
      if (view.parked !== null)
        return warning(
          check,
          `It holds back ${String(view.parked.events)} events (parked), from event ${view.parked.firstEventId} on: ${view.parked.because}.`,
          'Update the program and start it again; or pass over the event: npm run projections -- skip (docs/projections.md).',
        );
      const says = `${String(events)} events behind, ${view.lagSeconds.toFixed(0)} s`;
      if (view.lagSeconds > LATE_SECONDS)
        return warning(
          check,
          `It is ${says}.`,
          'Is a process with RUN=projections there? Its log says what keeps it.',
        );
      return ok(check, says);
    });
  } finally {
    projectionStatus.close();
  }
}

/** Streams on record as not whole, looked at now; takes none off the record. */
export async function streams(store: EventStore, write: WriteStore): Promise<Finding> {
  const memory = createStreamMemory(write, store, createLogger({ level: 'silent' }));
  const found: string[] = [];
  for (const { stream } of (await listNotWhole(write)).slice(0, MOST_STREAMS)) {
    const because = await whyNotWhole(store, memory, stream);
    if (because !== null) found.push(`${stream} (${because})`);
  }
  return found.length === 0
    ? ok('streams', 'none is on record as not whole')
    : problem(
        'streams',
        `Events are missing of ${found.join(', ')}: commands on them are refused.`,
        'npm run audit:verify, then take back what an administrator of the event store set, or restore (docs/troubleshooting.md).',
      );
}

/** A rebuild that was killed leaves tables with names, numbers and messages of customers. */
export async function rebuilds(write: WriteStore): Promise<Finding> {
  const left = await leftovers(write);
  return left.length === 0
    ? ok('rebuilds', 'nothing left behind')
    : warning(
        'rebuilds',
        `A rebuild or verify that was killed left ${left.join(', ')} behind, with personal data in it.`,
        'Run it again, it begins with removing them; or drop them (docs/projections.md).',
      );
}

/** What providers of channels have not deleted yet of customers who were erased. */
export async function providerErasures(write: Pick<WriteStore, 'query'>): Promise<Finding> {
  const { waiting, lines, given } = await openProviderErasures(write);
  if (given > 0)
    return warning(
      'erasures at providers',
      `${String(given)} were given up after a month: a provider still has messages of customers who were erased.`,
      'Delete them there by hand; select * from ops.provider_erasures where given_up_at is not null (docs/erasure.md).',
    );
  return waiting === 0
    ? ok('erasures at providers', 'none waits')
    : warning(
        'erasures at providers',
        `${String(waiting)} wait for more than an hour, on ${lines}.`,
        'They are tried again by themselves: does the line work (GET /api/admin/channels)?',
      );
}

export async function jobs(store: EventStore, write: WriteStore): Promise<readonly Finding[]> {
  return (await jobCheckpointStatuses(write, store)).map(({ job, wrongStore, lagEvents }) => {
    const check = `job ${job}`;
    return wrongStore
      ? problem(
          check,
          'Its checkpoint is of another event store: it stays off.',
          'npm run store:accept (docs/backup.md).',
        )
      : ok(check, `${String(lagEvents)} events to look at`);
  });
}

export async function webhooks(inbox: Pick<WebhookInbox, 'backlog'>): Promise<readonly Finding[]> {
  const { pending, dead, oldestPendingAt } = await inbox.backlog();
  const age = oldestPendingAt === null ? 0 : (Date.now() - Date.parse(oldestPendingAt)) / 1000;
  const waiting = `${String(pending)} items wait, the oldest for ${age.toFixed(0)} s`;
  return [
    age > LATE_SECONDS
      ? problem(
          'webhooks',
          `${waiting}.`,
          'Is a process with RUN=jobs there, and does the event store answer? They are taken in by themselves then.',
        )
      : ok('webhooks', waiting),
    dead > 0
      ? warning(
          'dead letters',
          `${String(dead)} items that could not be read.`,
          'Look at GET /api/admin/webhook/dead-letters; correct WA_PHONE_MAP or update, restart, then npm run webhook:replay.',
        )
      : ok('dead letters', 'none'),
  ];
}

/** ClamAV, where files are scanned. */
export async function scanner(address: ScannerAddress | undefined): Promise<readonly Finding[]> {
  if (address === undefined) return [];
  const problem = await createClamd(address).problem();
  return [
    problem === null
      ? ok('scanner', 'clamd answers')
      : warning(
          'scanner',
          `CLAMD_ADDRESS: ${problem}. Files of customers wait meanwhile.`,
          'Start clamd (systemctl start clamav-daemon); StreamMaxLength must be MEDIA_MAX_MB or more.',
        ),
  ];
}

export async function redis(url: string | undefined): Promise<Finding> {
  if (url === undefined) return ok('redis', 'not configured: limits per process, updates over Postgres');
  const client = createClient({ url, socket: { connectTimeout: 3_000, reconnectStrategy: false } });
  client.on('error', () => undefined); // connect() throws it
  try {
    await client.connect();
    await client.ping();
    return ok('redis', 'answers');
  } catch (error) {
    return problem(
      'redis',
      `It cannot be reached (${reasonOf(error)}).`,
      'Start it, or correct REDIS_URL. Nothing is lost meanwhile: limits count per process.',
    );
  } finally {
    if (client.isOpen) client.destroy();
  }
}
