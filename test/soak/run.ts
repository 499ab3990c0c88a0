/**
 * `npm run soak -- --minutes N --seed S`: F25 of docs/design/reliability.md#fault-tests. Random history over three
 * divisions while processes, Postgres and Redis are killed and frozen; then LEDGER, the model of a ticket's life, and
 * the outcome of every command. Ends with 1, and says what does not hold.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { webhookInboxIsEmpty } from '../e2e/webhook-inbox.ts';
import { openInstallation } from '../e2e/installation.ts';
import { allEvents } from '../e2e/ledger.ts';
import { randomOf } from '../projections/chance.ts';
import type { Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { launchRedis } from '../support/stores/redis.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { agent, customers, DIVISIONS, lead, pick, type Stage } from './actors.ts';
import { checkCommands, checkReads, checkRemovals } from './compare.ts';
import { DATA_FAULTS } from './data-faults.ts';
import { chosen, openSite, PROCESS_FAULTS, type Site } from './faults.ts';
import { checkHistory } from './model.ts';
import { hire, type People, setActive } from './people.ts';
import { newRecord, type Record_ } from './requests.ts';

/** Between two faults: time to come back, sometimes too little of it. */
const FAULT_EVERY_MS = { least: 2_000, most: 14_000 };
const CALM_MS = 180_000;
const REMOVED_WITHIN_MS = 30_000;
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
  const anywhere = (session: () => Session) => () =>
    session().at((pick(Math.random, site.apis) ?? site.installation.main()).url);
  const all = [
    ...DIVISIONS.flatMap((division) => [0, 1, 2].map(() => customers(stage(), division, 4))),
    ...people.agents.map((member) => agent(stage(), anywhere(member.session), member)),
    ...people.leads.map((session) =>
      lead(
        stage(),
        anywhere(() => session),
        people.agents,
      ),
    ),
  ];
  const faults = (async () => {
    const random = randomOf(seed);
    while (going()) {
      await delay(FAULT_EVERY_MS.least + random() * (FAULT_EVERY_MS.most - FAULT_EVERY_MS.least));
      if (!going()) return;
      const fault = chosen([...PROCESS_FAULTS, ...DATA_FAULTS], random);
      say(`${fault.name} (${String(record.answers)} answers so far)`);
      await fault.run(site, random).catch((error: unknown) => {
        // Postgres may be away when a fault asks it for something.
        say(`  not done: ${String(error)}`);
      });
    }
  })();
  await Promise.all([...all, faults]);
  await Promise.all(site.later);
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
      `${String(record.commands.length)} commands, ${String(record.seen.length)} looks, ` +
      `${String(record.removals.length)} people sent away`,
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
    ...checkRemovals(record),
    ...ledger,
  ];
}

const detailOf = (error: unknown): string =>
  JSON.stringify((error as { readonly actual?: unknown }).actual ?? null).slice(0, 4_000);

say(`seed ${String(seed)}, ${String(minutes)} minutes, from ${new Date().toISOString()}`);
const redis = await launchRedis();
const installation = await openInstallation({ env: { REDIS_URL: redis.url, RESPONSE_TIMEOUT_MINUTES: '1' } });
const record = newRecord();
const people = await hire(installation, DIVISIONS, record);
const removal = async (random: () => number): Promise<void> => {
  const who = pick(
    random,
    people.agents.filter(({ mayLeave }) => mayLeave),
  );
  const [, admin] = people.leads;
  if (!who || !admin) return;
  const until = performance.now() + REMOVED_WITHIN_MS;
  const going = () => performance.now() < until;
  const session = () => admin.at((pick(random, site.apis) ?? installation.main()).url);
  await setActive(record, session, who, false, going);
  // They go on asking meanwhile.
  await delay(1_000);
  await setActive(record, session, who, true, going);
};
const site = await openSite(installation, redis, { record, removal });
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
