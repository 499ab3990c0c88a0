/** The whole program as a user starts it (API, projections, jobs), on a database of its own, with staff of every role. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../../src/config.ts';
import { secretsFor } from '../../../src/adapters/security/secrets.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { type Division, DIVISIONS, type Role, type UserDivision } from '../../../src/domain/vocabulary.ts';
import { type Program, startProgram } from '../../../src/main/program.ts';
import { environmentOf } from '../processes/environment.ts';
import { eventually } from '../eventually.ts';
import { ask, bearer, posting, type Reply } from './http.ts';
import { filledDatabase, testDatabase } from '../stores/postgres.ts';
import { silentLogger } from '../observe/silent-logger.ts';

export const STAFF_PASSWORD = 'kata sandi untuk tes';

/** Keys of `people`: `sa`, `tl`, and `agent.<division>`, `other.<division>` (a second agent), and each other role with a division. */
const STAFF: readonly { readonly key: string; readonly role: Role; readonly division: UserDivision }[] = [
  { key: 'sa', role: 'super_admin', division: 'all' },
  { key: 'tl', role: 'team_lead', division: 'sari' },
  ...DIVISIONS.flatMap((division) => [
    { key: `agent.${division}`, role: 'sales_agent' as const, division },
    { key: `other.${division}`, role: 'sales_agent' as const, division },
    { key: `dispatcher.${division}`, role: 'dispatcher' as const, division },
    { key: `technician.${division}`, role: 'technician' as const, division },
    { key: `viewer.${division}`, role: 'viewer' as const, division },
  ]),
];

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

const environmentOfApp = (databaseUrl: string, folder: string) => ({
  FILES_DIR: folder,
  PORT: '0',
  HOST: '127.0.0.1',
  ...environmentOf(databaseUrl),
  LOGIN_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_PER_MINUTE: '1000000',
});

async function createStaff({ commands }: Program): Promise<void> {
  const caller = {
    id: 'test-setup',
    role: 'super_admin',
    division: 'all',
    privileges: new Set(PRIVILEGES),
  } as const;
  for (const { key, role, division } of STAFF) {
    const ctx = {
      caller,
      actor: { kind: 'system', process: 'test' } as const,
      requestId: `setup-${key}`,
      correlationId: 'setup',
    };
    const wanted = { name: key, email: `${key}@test.saga`, password: STAFF_PASSWORD, role, division };
    await commands.createUser(ctx, wanted);
  }
}

async function countsStaff(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query('SELECT FROM read.users')).rowCount === STAFF.length;
  } finally {
    await client.end();
  }
}

const signInAt = (url: string, email: string, password: string): Promise<Reply> =>
  ask(url, '/api/auth/login', posting({ email, password }));

type People = Record<string, Person>;

/** Everybody of the staff, signed in. */
async function signInAll(url: string): Promise<People> {
  const signedIn = STAFF.map(async ({ key }): Promise<[string, Person]> => {
    const email = `${key}@test.saga`;
    const reply = await eventually(`${key} may sign in`, async () => {
      const tried = await signInAt(url, email, STAFF_PASSWORD);
      return tried.status === 200 ? tried : undefined;
    });
    const { token, user } = reply.json.data as { token: string; user: { id: string } };
    return [key, { id: user.id, email, token }];
  });
  return Object.fromEntries(await Promise.all(signedIn));
}

/**
 * Fills a database with the staff, as the program does it, and leaves it.
 * @returns the people as JSON, signed in: their sessions are in the database, and every test program has the same secrets
 */
async function hireStaff(databaseUrl: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'saga-files-'));
  const config = readConfig(environmentOfApp(databaseUrl, folder));
  const program = await startProgram(config, secretsFor(config), silentLogger());
  try {
    await createStaff(program);
    await eventually('the views know the staff', () => countsStaff(databaseUrl));
    return JSON.stringify(await signInAll(program.url ?? ''));
  } finally {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function startTestProgram(environment: Record<string, string> = {}) {
  // With an event store elsewhere nothing of the staff is in the database.
  const isHere = environment['EVENTSTORE_URL'] === undefined;
  const database = await (isHere ? filledDatabase(hireStaff) : { ...(await testDatabase()), note: null });
  const log = silentLogger();
  const folder = await mkdtemp(join(tmpdir(), 'saga-files-'));
  const all = { ...environmentOfApp(database.url, folder), ...environment };
  const config = readConfig(all);
  const secrets = secretsFor(config);
  const program = await startProgram(config, secrets, log);
  const programs = [program];
  const { url } = program;
  if (url === null) throw new Error('this program serves no API');
  if (!isHere) await createStaff(program);
  const signIn = (email: string, password = STAFF_PASSWORD): Promise<Reply> => signInAt(url, email, password);
  const people = database.note === null ? await signInAll(url) : (JSON.parse(database.note) as People);

  /** Who was changed has no session any more: signs in, and goes on as that person. */
  async function signInAgain(key: string, password = STAFF_PASSWORD): Promise<void> {
    const known = person(key);
    const reply = await signIn(known.email, password);
    if (reply.status !== 200) throw new Error(`${key} may not sign in: ${reply.text}`);
    people[key] = { ...known, token: reply.json.data['token'] as string };
  }

  const person = (key: string): Person => {
    const found = people[key];
    if (!found) throw new Error(`there is no person '${key}'`);
    return found;
  };
  const call = (path: string, init?: RequestInit): Promise<Reply> => ask(url, path, init);
  const get = (path: string, as: string): Promise<Reply> => call(path, { headers: bearer(person(as).token) });
  const post = (path: string, body: unknown, as: string, headers?: Record<string, string>): Promise<Reply> =>
    call(path, posting(body, person(as).token, headers));
  const patch = (path: string, body: unknown, as: string): Promise<Reply> =>
    call(path, { ...posting(body, person(as).token), method: 'PATCH' });

  async function webhook(body: object): Promise<void> {
    const text = JSON.stringify(body);
    const signature = createHmac('sha256', secrets.EXTERNAL_BOT_SECRET).update(text).digest('hex');
    // As a channel does: what was not taken is sent again.
    const reply = await eventually('a webhook is taken', async () => {
      const answer = await call(
        config.WEBHOOK_PATH,
        posting(text, undefined, { 'x-hub-signature-256': `sha256=${signature}` }),
      );
      return answer.status === 503 ? undefined : answer;
    });
    if (reply.status !== 200) throw new Error(`webhook: ${String(reply.status)} ${reply.text}`);
  }

  let customers = 0;
  /** Opens `count` FREE tickets of new customers through the webhook. @returns their ids, once the inbox shows them */
  async function openTickets(division: Division, count: number, over: object = {}): Promise<string[]> {
    const names = Array.from({ length: count }, () => `Pelanggan${String((customers += 1))}x`);
    for (const name of names) {
      const number = `62899${String(customers).padStart(4, '0')}${name.replace(/\D/g, '').padStart(4, '0')}`;
      await webhook({
        event: 'message',
        sender: 'customer',
        user_id: `wa_${number}`,
        channel: 'whatsapp',
        division,
        bot_id: division,
        message: `Halo dari ${name}`,
        user_name: name,
        timestamp: new Date().toISOString(),
        message_id: `test-${name}`,
        is_office_hours: true,
        ...over,
      });
    }
    return eventually(
      `${String(count)} tickets of ${division}`,
      async () => {
        const found = new Map<string, string>();
        let cursor: string | undefined;
        do {
          const page = await get(
            `/api/admin/inbox?division=${division}&limit=200${cursor === undefined ? '' : `&cursor=${cursor}`}`,
            'sa',
          );
          for (const ticket of page.json.data.tickets as {
            id: string;
            customer_name: string;
            last_message_preview: string | null;
          }[]) {
            // A ticket is there before its first message is: the views may take them in two batches.
            if (ticket.last_message_preview !== null) found.set(ticket.customer_name, ticket.id);
          }
          cursor = page.json.meta?.next_cursor as string | undefined;
        } while (cursor !== undefined);
        const ids = names.flatMap((name) => found.get(name) ?? []);
        return ids.length === count ? ids : undefined;
      },
      30_000,
    );
  }

  /** The bot hands a ticket over to people. */
  async function handoff(ticketId: string): Promise<void> {
    const ticket = (await get(`/api/admin/ticket/${ticketId}`, 'sa')).json.data['ticket'] as {
      readonly customer_phone: string;
      readonly division: Division;
    };
    const user_id = `wa_${ticket.customer_phone.replace(/\D/g, '')}`;
    const message_id = `handoff-${ticketId}`;
    await webhook({ event: 'handoff', user_id, channel: 'whatsapp', division: ticket.division, message_id });
  }

  return {
    url,
    log,
    program,
    /** Its variables; another process of the same installation takes the same. */
    environment: all,
    databaseUrl: database.url,
    superuserUrl: database.superuserUrl,
    secrets,
    person,
    call,
    get,
    post,
    patch,
    signIn,
    signInAgain,
    webhook,
    openTickets,
    handoff,
    /** A second process that serves the API of the same installation. @returns where it listens */
    async another(): Promise<string> {
      const second = await startProgram(
        { ...config, RUN: new Set(['api'] as const) },
        secretsFor(config),
        log,
      );
      programs.push(second);
      if (second.url === null) throw new Error('the second program serves no API');
      return second.url;
    },
    async close() {
      for (const one of programs.toReversed()) await one.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type TestProgram = Awaited<ReturnType<typeof startTestProgram>>;
