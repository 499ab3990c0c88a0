/**
 * `npm run soak -- --minutes N --seed S`: F25 of docs/design/reliability.md#fault-tests. Random history over three
 * divisions while processes, Postgres and Redis are killed and frozen; then LEDGER, the model of a ticket's life, and
 * the outcome of every command. Ends with 1, and says what does not hold.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { webhookInboxIsEmpty } from '../e2e/webhook-inbox.ts';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { allEvents } from '../e2e/ledger.ts';
import { randomOf } from '../projections/chance.ts';
import type { Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { launchRedis } from '../support/stores/redis.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { agent, customers, DIVISIONS, lead, pick, type Stage } from './actors.ts';
import { checkCommands, checkReads } from './compare.ts';
import { chosen, openSite, type Site } from './faults.ts';
import { checkHistory } from './model.ts';
import { newRecord, type Record_ } from './requests.ts';

const AGENTS_PER_DIVISION = 3;
/** Between two faults: time to come back, sometimes too little of it. */
const FAULT_EVERY_MS = { least: 2_000, most: 14_000 };
const CALM_MS = 180_000;
const SHOWN = 40;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run soak -- [--minutes N] [--seed S]    N above 0, S a whole number');
  process.exit(2);
}

const began = performance.now();
const say = (what: string): void => {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${what}`);
};

/** All actors work for the given time, while faults happen. */
async function act(site: Site, people: People, record: Record_): Promise<void> {
  const until = performance.now() + minutes * 60_000;
  const going = () => performance.now() < until;
  let actors = 0;
  const stage = (): Stage => {
    const random = randomOf(seed + (actors += 1) * 7919);
    return {
      record,
      random,
      going,
      channels: () => site.installation.channels(pick(random, site.apis)),
    };
  };
  const anywhere = (session: Session) => () =>
    session.at((pick(Math.random, site.apis) ?? site.installation.main()).url);
  const staff = people.agents.map(({ session, mayLeave }) => ({ id: session.userId, mayLeave }));
  const all = [
    ...DIVISIONS.flatMap((division) => [0, 1, 2].map(() => customers(stage(), division, 4))),
    ...people.agents.map(({ session, division }) => agent(stage(), anywhere(session), division)),
    ...people.leads.map((session) => lead(stage(), anywhere(session), staff)),
  ];
  const faults = (async () => {
    const random = randomOf(seed);
    while (going()) {
      await delay(FAULT_EVERY_MS.least + random() * (FAULT_EVERY_MS.most - FAULT_EVERY_MS.least));
      if (!going()) return;
      const fault = chosen(random);
      say(`${fault.name} (${String(record.answers)} answers so far)`);
      await fault.run(site, random).catch((error: unknown) => {
        // Postgres may be away when a fault asks it for something.
        say(`  not done: ${String(error)}`);
      });
    }
  })();
  await Promise.all([...all, faults]);
}

interface People {
  readonly agents: readonly {
    readonly session: Session;
    readonly division: string;
    readonly mayLeave: boolean;
  }[];
  readonly leads: readonly Session[];
}

async function hire(installation: Installation): Promise<People> {
  const agents = [];
  for (const division of DIVISIONS) {
    const sessions = await installation.agents(AGENTS_PER_DIVISION, division);
    agents.push(...sessions.map((session, n) => ({ session, division, mayLeave: n === 0 })));
  }
  for (const { session } of agents) await session.post('/api/agent/status', { status: 'online' });
  return { agents, leads: [await installation.as('tl@demo.saga'), await installation.as('sa@demo.saga')] };
}

/** Everything is back and at rest. @returns what is not */
async function calm({ installation, apis }: Site): Promise<string[]> {
  try {
    await Promise.all(apis.map((api) => api.ready()));
    const atRest = () => webhookInboxIsEmpty(installation.folder.databaseUrl());
    await eventually('every delivery is an event', atRest, CALM_MS);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/** What does not hold, line by line. */
async function check(site: Site, record: Record_): Promise<string[]> {
  const { installation } = site;
  const stuck = await calm(site);
  const store = openedStore(
    await createPostgresEventStore({ connection: installation.folder.databaseUrl(), logger: silentLogger() }),
    installation.folder,
  );
  const events = await allEvents(store).finally(() => store.close());
  const checked = checkHistory(events);
  say(
    `${String(record.answers)} answers, ${String(events.length)} events, ${String(checked.ticketStates.size)} tickets, ` +
      `${String(record.commands.length)} commands, ${String(record.seen.length)} looks`,
  );
  for (const [what, times] of [...record.failures].sort()) say(`  ${String(times)} x ${what}`);
  const ledger = await installation.ledger(record.texts).then(
    () => [],
    (error: unknown) => [
      `LEDGER: ${error instanceof Error ? error.message : String(error)}`,
      detailOf(error),
    ],
  );
  return [
    ...stuck,
    ...record.wrong,
    ...checked.violations,
    ...checkCommands(record, checked),
    ...checkReads(record, checked),
    ...ledger,
  ];
}

const detailOf = (error: unknown): string =>
  JSON.stringify((error as { readonly actual?: unknown }).actual ?? null).slice(0, 4_000);

say(`seed ${String(seed)}, ${String(minutes)} minutes, from ${new Date().toISOString()}`);
const redis = await launchRedis();
const installation = await openInstallation({ env: { REDIS_URL: redis.url, RESPONSE_TIMEOUT_MINUTES: '1' } });
const record = newRecord();
const people = await hire(installation);
const site = await openSite(installation, redis);
say('everybody is at work');
await act(site, people, record);
say('everybody is done; what became of it?');
const problems = await check(site, record);
await installation.close().catch((error: unknown) => problems.push(String(error), detailOf(error)));
await redis.kill();
for (const problem of problems.slice(0, SHOWN)) console.log(`WRONG  ${problem}`);
const kinds = new Map<string, number>();
for (const problem of problems) {
  const kind = problem
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '...')
    .replace(/@\d+/, '')
    .slice(0, 120);
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}
if (problems.length > SHOWN) for (const [kind, times] of kinds) console.log(`${String(times)} x ${kind}`);
say(
  problems.length === 0
    ? `it holds (seed ${String(seed)})`
    : `${String(problems.length)} wrong (seed ${String(seed)})`,
);
process.exit(problems.length === 0 ? 0 : 1);
