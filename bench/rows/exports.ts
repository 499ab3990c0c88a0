/**
 * A month of 100,000 tickets as a workbook, while people work at the inbox of the same process
 * (docs/design/business-rules.md#exports).
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBlindIndex } from '../../src/adapters/security/blind-index.ts';
import { systemClock, uuids } from '../../src/adapters/clock.ts';
import { createPasswords } from '../../src/adapters/security/passwords.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { createCommands } from '../../src/commands/commands.ts';
import { PRIVILEGES } from '../../src/domain/staff/privileges.ts';
import type { Logger } from '../../src/ports.ts';
import { createViews } from '../../src/projections/views.ts';
import { generateTickets } from '../history/generate-tickets.ts';
import { type Bench, quantile } from '../report/finding.ts';
import { type Answers, load, request } from '../processes/load.ts';
import { type BenchProgram, startBenchProgram } from '../processes/program.ts';
import { projectUntilCaughtUp } from '../processes/project.ts';

const TICKETS = 100_000;
const DAYS = 30;
const DAY_MS = 86_400_000;
const PER_SECOND = 100;
const SECONDS = 8;
const PATIENCE_MS = 120_000;
const SAMPLE_MS = 100;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

interface SignedIn {
  readonly program: BenchProgram;
  readonly headers: Readonly<Record<string, string>>;
}

/** A super admin, signed in. */
async function signedIn(
  program: BenchProgram,
  blindIndexKey: string,
  logger: Logger,
): Promise<SignedIn['headers']> {
  const store = await createPostgresEventStore({ connection: program.databaseUrl, logger });
  const commands = createCommands({
    store,
    clock: systemClock,
    ids: uuids,
    passwords: await createPasswords(),
    blindIndex: createBlindIndex(blindIndexKey),
    observer: { appended: () => undefined, conflicted: () => undefined },
  });
  const user = { email: 'sa@bench.saga', password: randomBytes(12).toString('hex') };
  const caller = {
    id: 'bench',
    role: 'super_admin',
    division: 'all',
    privileges: new Set(PRIVILEGES),
  } as const;
  const actor = { kind: 'system', process: 'bench' } as const;
  const ctx = { caller, actor, requestId: uuids.next(), correlationId: uuids.next() };
  await commands.createUser(ctx, { ...user, name: 'Kepala', role: 'super_admin', division: 'all' });
  await store.close();
  await program.settled();
  const answer = await fetch(`http://127.0.0.1:${String(program.port)}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  if (answer.status !== 200) throw new Error(`login: HTTP ${String(answer.status)}`);
  return { authorization: `Bearer ${((await answer.json()) as { data: { token: string } }).data.token}` };
}

/** @returns milliseconds from the request until the file was downloaded, and its bytes */
async function exported({
  program,
  headers,
}: SignedIn): Promise<{ readonly ms: number; readonly bytes: number }> {
  const began = performance.now();
  const base = `http://127.0.0.1:${String(program.port)}`;
  const asked = await fetch(`${base}/api/export/excel`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      division: 'all',
      date_range: { start: day(Date.now() - DAYS * DAY_MS), end: day(Date.now() + DAY_MS) },
    }),
  });
  if (asked.status !== 201) throw new Error(`export: HTTP ${String(asked.status)}`);
  const { download_url } = ((await asked.json()) as { data: { download_url: string } }).data;
  for (;;) {
    const file = await fetch(base + download_url);
    const bytes = (await file.arrayBuffer()).byteLength;
    if (file.status === 200) return { ms: performance.now() - began, bytes };
    if (file.status !== 409 || performance.now() - began > PATIENCE_MS)
      throw new Error(`export: HTTP ${String(file.status)}`);
    await sleep(SAMPLE_MS);
  }
}

/** Watches the resident memory of the process. @returns a function that ends the watch and gives the highest value, in bytes */
function watchMemory({ program }: SignedIn): () => Promise<number> {
  let most = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      const text = await (await fetch(`http://127.0.0.1:${String(program.port)}/metrics`)).text();
      most = Math.max(most, Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? 0));
      await sleep(SAMPLE_MS);
    }
  })();
  return async () => {
    over = true;
    await watching;
    return most;
  };
}

function inboxLoad({ program, headers }: SignedIn, size: number): Promise<Answers> {
  const one = request('GET', '/api/admin/inbox?limit=50', headers);
  return load({
    port: program.port,
    connections: 16,
    pace: { kind: 'open', perSecond: PER_SECOND },
    requests: Array.from({ length: Math.ceil(PER_SECOND * SECONDS * size) }, () => one),
  });
}

function p95({ statuses, milliseconds }: Answers): number {
  if (statuses.some((status) => status !== 200)) throw new Error('the inbox did not answer');
  return quantile(milliseconds, 0.95);
}

export const exports: Bench = async ({ server, rounds, size, say, log }) => {
  const key = randomBytes(32).toString('hex');
  const database = 'bench_exports';
  say(`the history of a month of ${String(TICKETS)} tickets`);
  const url = await server.migrated(database);
  await generateTickets(url, Math.ceil(TICKETS * size), { days: DAYS });
  say('its views');
  await projectUntilCaughtUp(url, createViews());
  const program = await startBenchProgram(server, database, { BLIND_INDEX_KEY: key });
  const [alone, duringExport, took, memory]: [number[], number[], number[], number[]] = [[], [], [], []];
  let bytes = 0;
  try {
    const caller = { program, headers: await signedIn(program, key, log) };
    await inboxLoad(caller, 0.2); // warm
    for (let round = 1; round <= rounds; round += 1) {
      say(`export, round ${String(round)}`);
      alone.push(p95(await inboxLoad(caller, size)));
      const memoryOf = watchMemory(caller);
      let loading = true;
      const loaded = inboxLoad(caller, size).finally(() => (loading = false));
      let last = { ms: 0, bytes: 0 };
      do last = await exported(caller);
      while (loading);
      took.push(last.ms);
      bytes = last.bytes;
      duringExport.push(p95(await loaded));
      memory.push((await memoryOf()) / 1e6);
    }
  } finally {
    await program.stop();
  }
  const what = `workbook of a month of ${TICKETS.toLocaleString('en')} tickets`;
  return [
    {
      what: `${what}: from the request to the last byte (${(bytes / 1e6).toFixed(1)} MB)`,
      unit: 'ms',
      measured: took,
      bar: { of: 'value', atMost: 60_000 },
    },
    {
      what: 'memory of the whole process meanwhile, MB resident',
      unit: '',
      measured: memory,
      bar: { of: 'value', atMost: 512 },
    },
    {
      what: `inbox page p95 at ${String(PER_SECOND)}/s meanwhile`,
      unit: 'ms',
      measured: duringExport,
      limit: { what: 'the same without an export', measured: alone },
      bar: { of: 'ratio', atMost: 2 },
    },
  ];
};
