/** What goes wrong in a soak without a process that dies: an event that nobody reads, a customer who never stops, a wrong clock. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createChainedEventStore } from '../../src/adapters/hash-chain/chained-event-store.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { PASSWORD } from '../e2e/installation.ts';
import { aCustomer, aText } from '../support/http/client.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { freePort, launch } from '../support/processes/program.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { someMetadata } from '../support/scenarios/events.ts';
import { anyOf, asSuperuser, type Fault, holderOf, postgresOf, type Site } from './faults.ts';
import { untilAnswered } from './requests.ts';

const CLOCK = pathToFileURL('test/support/shifted-clock.mjs').href;
const DAY_MS = 86_400_000;
const SKIPPED_WITHIN_MS = 120_000;
/** A start waits for Postgres, which another fault may have taken away. */
const ENDS_WITHIN_MS = 90_000;
const TALKATIVE = { messages: 400, atOnce: 8 };

/** As an operator does it, again and again while something else is broken. */
async function skip({ installation }: Site, event: string): Promise<string | undefined> {
  const until = performance.now() + SKIPPED_WITHIN_MS;
  for (;;) {
    const { code, output } = await runScript('projections', ['skip', '--event', event, '--reason', 'uji'], {
      DATA_DIR: installation.folder.path,
      OPERATOR_EMAIL: 'sa@demo.saga',
      OPERATOR_PASSWORD: PASSWORD,
    });
    if (code === 0) return undefined;
    if (performance.now() > until) return `an event could not be skipped: ${output.slice(-500)}`;
    await delay(1_000);
  }
}

/**
 * In the stream of a ticket's internal notes: a view parks the ticket, and nothing else needs that stream. In the ticket's
 * own stream commands would be refused after the skip, too, and what its customer says would wait as a dead letter
 * (docs/design/reliability.md#parked-streams).
 */
async function parkAndSkip(site: Site, random: () => number): Promise<void> {
  const { installation, record, later } = site;
  const [ticket] = await asSuperuser<{ stream: string }>(
    site,
    `select stream from es.events where type = 'TicketOpened' order by random() limit 1`,
  );
  if (!ticket) return;
  await postgresOf(site);
  const store = createChainedEventStore(
    await createPostgresEventStore({
      connection: installation.folder.databaseUrl(),
      logger: silentLogger(),
    }),
  );
  const id = randomUUID();
  const unreadable = { id, type: 'NoteFromTheFuture', data: {}, metadata: someMetadata(id) };
  try {
    await store.append(ticket.stream.replace(/^ticket-/, 'internal-'), [unreadable], {
      expected: 'any',
    });
  } finally {
    await store.close();
  }
  // Other faults come meanwhile.
  later.push(
    delay(5_000 + random() * 10_000)
      .then(() => skip(site, id))
      .then((problem) => {
        if (problem !== undefined) record.wrong.push(problem);
      }),
  );
}

/** One customer writes without a pause; whether all of it arrives, once and in order, the ledger says. */
async function talks({ installation, apis, record }: Site, random: () => number): Promise<void> {
  const customer = aCustomer(anyOf(['sari', 'savi', 'safia'], random));
  const until = performance.now() + 60_000;
  const going = () => performance.now() < until;
  let left = TALKATIVE.messages;
  const line = async (): Promise<void> => {
    while (left > 0 && going()) {
      left -= 1;
      const text = aText('Lagi');
      const id = `wamid.${randomUUID()}`;
      const { outcome } = await untilAnswered(
        record,
        'webhook',
        () => installation.channels(anyOf(apis, random)).meta(customer, text, id),
        going,
      );
      record.texts[outcome].add(text);
      if (outcome === 'refused') record.wrong.push('a signed delivery was refused');
    }
  };
  await Promise.all(Array.from({ length: TALKATIVE.atOnce }, line));
}

/** Forty days wrong, either way: it must not start, and so purges nothing. */
async function startsWithAWrongClock(site: Site, random: () => number): Promise<void> {
  await postgresOf(site);
  const days = random() < 0.5 ? 40 : -40;
  const program = await launch({
    folder: site.installation.folder,
    port: await freePort(),
    nodeArgs: ['--import', CLOCK],
    env: { RUN: 'jobs', REDIS_URL: site.redis.url, SAGA_TEST_CLOCK_MS: String(days * DAY_MS) },
  });
  const ended = await Promise.race([program.exited, delay(ENDS_WITHIN_MS).then(() => undefined)]);
  if (!ended) await program.kill();
  // Postgres may have been away: then it says that, and ends too.
  if (ended?.code !== 1)
    site.record.wrong.push(
      `a process went on although its clock was ${String(days)} days wrong: ${program.output().slice(-500)}`,
    );
}

/** The projector is killed, and while nothing is projected somebody is sent away, and called back. */
async function rightsWithoutProjector(site: Site, random: () => number): Promise<void> {
  const { installation, projectors, removal } = site;
  const leader = (await holderOf(site, 'projections', projectors)) ?? anyOf(projectors, random);
  await leader.kill();
  await removal(random);
  projectors[projectors.indexOf(leader)] = await installation.worker('projections');
}

export const DATA_FAULTS: readonly Fault[] = [
  { name: 'an event that nobody reads, skipped later', weight: 2, run: parkAndSkip },
  { name: 'a customer who never stops', weight: 1, run: talks },
  { name: 'a process with a wrong clock', weight: 1, run: startsWithAWrongClock },
  { name: 'rights taken away while the projector is dead', weight: 3, run: rightsWithoutProjector },
];
