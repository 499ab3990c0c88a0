/** An installation for one suite: a data folder with the users of the demo, processes on it, and sessions of users. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { type Channels, channels, type Customer, login, ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { type DataFolder, dataFolder, launch, type Program } from '../support/processes/program.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { webhookInboxIsEmpty } from './webhook-inbox.ts';
import { type Claims, expectChains, expectLedger } from './ledger.ts';
import { findings, type Log } from './log-scan.ts';

export const PASSWORD = 'kata-sandi-uji-7531';

/** Prints every line, so that the scan sees it. Sixty agents sign in from one address. */
const ENV = {
  LOG_LEVEL: 'debug',
  DEMO_PASSWORD: PASSWORD,
  LOGIN_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_PER_MINUTE: '1000000',
};

export interface Message {
  readonly id: string;
  readonly sender_type: string;
  readonly content: string;
}

export interface Installation {
  readonly folder: DataFolder;
  /** The process with all parts (API, projections, jobs) that was started last. */
  main(): Program;
  /** One more process on the same data; `RUN=api` by default. */
  another(env?: Readonly<Record<string, string>>): Promise<Program>;
  /** A process that serves no API. */
  worker(run: string, env?: Readonly<Record<string, string>>): Promise<Program>;
  /** Starts the main process again, after it ended or was killed. @param args of the program, e.g. `--demo` */
  again(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Program>;
  channels(program?: Program): Channels;
  as(email: string, program?: Program): Promise<Session>;
  /** New sales agents, signed in. */
  agents(count: number, division?: string): Promise<Session[]>;
  /** Waits until this customer's tickets are so many. @returns their ids */
  tickets(reader: Session, customer: Customer, count?: number): Promise<string[]>;
  /** Waits until this customer has one ticket. @returns its id */
  ticket(reader: Session, customer: Customer): Promise<string>;
  /** Every L1 message of the ticket, oldest first. */
  messages(reader: Session, ticketId: string): Promise<Message[]>;
  /** Waits until every delivery that was answered 200 has become an event and the views hold it. */
  settled(): Promise<void>;
  ledger(claims: Claims): Promise<void>;
  /** Stops everything and asserts that it ended well, and that no log holds what it must not. */
  close(): Promise<void>;
}

/** Keeps the logs, to find out why a test failed: SAGA_E2E_LOGS names the folder. */
function keepForReading(logs: readonly Log[]): void {
  const folder = process.env.SAGA_E2E_LOGS;
  if (folder === undefined) return;
  logs.forEach(({ of, text }, n) => {
    writeFileSync(join(folder, `${String(Date.now())}-${String(n)}-${of}.log`), text);
  });
}

export interface InstallationOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** Runs before the first process does. */
  readonly prepare?: (folder: DataFolder) => void;
}

export async function openInstallation({
  env = {},
  nodeArgs = [],
  prepare,
}: InstallationOptions = {}): Promise<Installation> {
  const folder = await dataFolder();
  prepare?.(folder);
  const programs: Program[] = [];
  const sessions: Session[] = [];
  const run = async (
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Program> => {
    const program = await launch({ folder, args, nodeArgs, env: { ...ENV, ...env, ...more } });
    programs.push(program);
    return program;
  };
  let main = await run(['--demo']);
  await main.printed('demo is ready');
  await main.ready();

  const as = async (email: string, program = main): Promise<Session> => {
    const session = await login(program.url, email, PASSWORD);
    sessions.push(session);
    return session;
  };

  const tickets: Installation['tickets'] = (reader, { name, division }, count = 1) =>
    eventually(
      `${String(count)} ticket(s) of a customer`,
      async () => {
        const number = name.slice(name.lastIndexOf(' ') + 1);
        const { data } = await ok(reader.get(`/api/admin/inbox?division=${division}&q=${number}`));
        const found = (data.tickets as { id: string; customer_name: string }[]).filter(
          ({ customer_name }) => customer_name === name,
        );
        return found.length >= count ? found.map(({ id }) => id) : undefined;
      },
      30_000,
    );

  return {
    folder,
    main: () => main,
    another: async (more = {}) => {
      const program = await run([], { RUN: 'api', ...more });
      await program.ready();
      return program;
    },
    worker: (parts, more = {}) => run([], { RUN: parts, ...more }),
    again: async (args = [], more = {}) => {
      main = await run(args, more);
      await main.ready();
      return main;
    },
    channels: (program = main) => channels(program.url, folder.secrets()),
    as,
    agents: async (count, division = 'sari') => {
      const sa = await as('sa@demo.saga');
      const batch = `${division}.${String(sessions.length)}`;
      const agents: Session[] = [];
      const one = async (n: number) => {
        const email = `uji${String(n)}.${batch}@demo.saga`;
        const person = {
          name: `Agent Uji ${String(n)}`,
          email,
          password: PASSWORD,
          role: 'sales_agent',
          division,
        };
        await ok(sa.post('/api/admin/users', person));
        agents.push(await as(email));
      };
      // A password hash needs time and memory: four at once.
      for (let n = 0; n < count; n += 4) {
        await Promise.all([n, n + 1, n + 2, n + 3].filter((each) => each < count).map(one));
      }
      return agents;
    },
    tickets,
    ticket: async (reader, customer) => {
      const [id, ...more] = await tickets(reader, customer);
      expect(more, 'further tickets of one customer').to.deep.equal([]);
      return id!;
    },
    messages: async (reader, ticketId) => {
      const all: Message[] = [];
      for (;;) {
        const before = all[0] ? `&before=${all[0].id}` : '';
        const path = `/api/admin/ticket/${ticketId}/messages?limit=200${before}`;
        const page = (await ok(reader.get(path))).data.messages as Message[];
        all.unshift(...page);
        if (page.length < 200) return all;
      }
    },
    settled: async () => {
      await eventually('every delivery is an event', () => webhookInboxIsEmpty(folder.databaseUrl()), 60_000);
      await main.ready();
    },
    ledger: async (claims) => {
      const logger = silentLogger();
      const events = await createPostgresEventStore({ connection: folder.databaseUrl(), logger });
      const store = openedStore(events, folder);
      try {
        await expectLedger(store, folder.databaseUrl('postgres'), claims);
        await expectChains(events);
      } finally {
        await store.close();
      }
    },
    close: async () => {
      const exits = [];
      for (const program of programs.toReversed()) if (program.running()) exits.push(await program.stop());
      const logs = [
        ...programs.map((program) => ({ of: 'program', text: program.output() })),
        ...programs.map((program) => ({ of: 'standard error', text: program.errors() })),
        { of: 'postgres', text: folder.serverLog() },
      ];
      const secrets = [
        PASSWORD,
        ...Object.values(folder.secrets()),
        ...sessions.flatMap((one) => [one.token, one.refreshToken]),
      ];
      keepForReading(logs);
      await folder.remove();
      expect(
        exits.filter(({ code }) => code !== 0),
        'exits other than with 0',
      ).to.deep.equal([]);
      expect(findings(logs, secrets), 'what no log may hold').to.deep.equal([]);
    },
  };
}
