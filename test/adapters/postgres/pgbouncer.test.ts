import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { pubSubFor } from '../../../src/adapters/cluster/pub-sub.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { assertOwnSessions } from '../../../src/adapters/postgres/pooling.ts';
import { createSnapshots } from '../../../src/adapters/postgres/snapshots.ts';
import { secretsFor } from '../../../src/adapters/security/secrets.ts';
import { readConfig } from '../../../src/config.ts';
import { write } from '../../../src/engine/sql/statement.ts';
import { startProgram } from '../../../src/main/program.ts';
import type { Scope, Sql } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { ask } from '../../support/http/http.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { environmentOf } from '../../support/processes/environment.ts';
import { needsTool } from '../../support/processes/tool.ts';
import { rejection } from '../../support/rejection.ts';
import { type PgBouncer, startPgBouncer } from '../../support/stores/pgbouncer.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';

const NO_SUPERUSER = { allowSuperuser: false };
const SOMEBODY = '019a9d1e-7c00-7000-8000-000000000001';
/** Whatever a client asks for at its start, this pooler drops. */
const DROPS_OPTIONS = {
  pool_mode: 'session',
  ignore_startup_parameters:
    'options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,extra_float_digits',
};

describe('what DATABASE_URL leads to', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let bouncer: PgBouncer | undefined;
  before(async function () {
    needsTool(this, 'pgbouncer', 'pgbouncer');
    database = await testDatabase();
  });
  afterEach(async () => {
    await bouncer?.stop();
    bouncer = undefined;
  });
  after(async () => {
    // Skipped: there is none.
    if (database as TestDatabase | undefined) await database.drop();
  });

  const configOf = (url: string, folder: string) =>
    readConfig({
      FILES_DIR: folder,
      PORT: '0',
      HOST: '127.0.0.1',
      ...environmentOf(database.url),
      DATABASE_URL: url,
    });

  for (const [what, settings] of [
    ['transaction pooling', { pool_mode: 'transaction' }],
    ['transaction pooling with one session', { pool_mode: 'transaction', default_pool_size: '1' }],
    [
      'transaction pooling in turns',
      { pool_mode: 'transaction', server_round_robin: '1', min_pool_size: '5' },
    ],
    ['statement pooling', { pool_mode: 'statement' }],
  ] as const)
    it(`is refused with a sentence: ${what}`, async () => {
      bouncer = await startPgBouncer(database.url, settings);
      const error = await rejection(assertOwnSessions(bouncer.url, NO_SUPERUSER));
      expect(error.name).to.equal('UnsafeDatabase');
      expect(error.message).to.match(/pool_mode = session/);
    });

  it('stops the program before it changes anything', async () => {
    bouncer = await startPgBouncer(database.url, { pool_mode: 'transaction' });
    const folder = mkdtempSync(join(tmpdir(), 'saga-pooled-'));
    try {
      const config = configOf(bouncer.url, folder);
      const error = await rejection(startProgram(config, secretsFor(config), silentLogger()));
      expect(error.message).to.match(/pool_mode = session/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is accepted: Postgres itself, and session pooling', async () => {
    await assertOwnSessions(database.url, NO_SUPERUSER);
    bouncer = await startPgBouncer(database.url, { pool_mode: 'session' });
    await assertOwnSessions(bouncer.url, NO_SUPERUSER);
  });

  it('is refused as a superuser, unless that is allowed', async () => {
    const error = await rejection(assertOwnSessions(database.superuserUrl, NO_SUPERUSER));
    expect([error.name, error.message]).to.satisfy(
      ([name, says]: [string, string]) => name === 'UnsafeDatabase' && says.includes('ALLOW_SUPERUSER=true'),
    );
    await assertOwnSessions(database.superuserUrl, { allowSuperuser: true });
  });

  it('keeps role, read-only and time-outs behind a pooler that drops start-up options', async () => {
    bouncer = await startPgBouncer(database.url, DROPS_OPTIONS);
    const { url } = bouncer;
    const logger = silentLogger();
    const postgres = createPostgres({ url, logger, poolSize: 2 });
    const facts = write(
      null,
      `select current_user as role, current_setting('default_transaction_read_only') as read_only,
         current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`,
    );
    const look = (on: Sql) => on.query<Record<string, unknown>>(facts);
    try {
      await postgres.assertRoles();
      for (const [scope, role] of [
        [{ kind: 'division', division: 'sari', userId: SOMEBODY }, 'saga_reader_division'],
        [{ kind: 'all', userId: SOMEBODY }, 'saga_reader_all'],
        [{ kind: 'ticket', division: 'sari', ticketId: SOMEBODY, userId: SOMEBODY }, 'saga_reader_ticket'],
      ] as readonly (readonly [Scope, string])[]) {
        expect(await postgres.reads.scoped(scope, look)).to.deep.equal([
          { role, read_only: 'on', statement: '10s', lock: '2s' },
        ]);
        const report = await createSnapshots({ url, logger }).snapshot((read) => read.scoped(scope, look));
        expect(report).to.deep.equal([{ role, read_only: 'on', statement: '1min', lock: '2s' }]);
      }
      expect(await postgres.writes.transaction(look)).to.deep.equal([
        { role: 'saga', read_only: 'off', statement: '10s', lock: '5s' },
      ]);
    } finally {
      await postgres.close();
    }
  });

  /** Holds a lease until `until` holds. @returns the lines of its log */
  async function heldUntil(url: string, until: (held: number, log: string) => boolean): Promise<void> {
    const logger = silentLogger();
    const over = new AbortController();
    let held = 0;
    const done = createLeases({ url, logger }).hold('uji', over.signal, async ({ signal }) => {
      held += 1;
      await once(signal, 'abort');
    });
    const pubSub = pubSubFor({ redisUrl: undefined, databaseUrl: url, logger });
    try {
      await eventually(
        'a lease',
        () => until(held, inspect(logger.lines, { depth: 4 })) || undefined,
        20_000,
      );
    } finally {
      over.abort();
      await Promise.all([done, pubSub.close()]);
    }
  }

  it('gives a lease through session pooling that lets no start-up option pass', async () => {
    bouncer = await startPgBouncer(database.url, { pool_mode: 'session' });
    await heldUntil(bouncer.url, (held) => held === 1);
  });

  it('gives no lasting lease where a pooler began to share sessions after the start', async () => {
    bouncer = await startPgBouncer(database.url, {
      pool_mode: 'transaction',
      server_round_robin: '1',
      min_pool_size: '5',
    });
    await heldUntil(bouncer.url, (_held, log) => /lease lost|pool_mode = session/.test(log));
  });

  for (const [what, settings] of [
    ['that lets no start-up option pass', { pool_mode: 'session' }],
    ['that drops start-up options', DROPS_OPTIONS],
  ] as const)
    it(`serves the whole program through session pooling ${what}`, async () => {
      bouncer = await startPgBouncer(database.url, settings);
      const folder = mkdtempSync(join(tmpdir(), 'saga-pooled-'));
      const config = configOf(bouncer.url, folder);
      const program = await startProgram(config, secretsFor(config), silentLogger());
      try {
        await eventually('it is ready', async () =>
          (await ask(program.url ?? '', '/readyz')).status === 200 ? true : undefined,
        );
      } finally {
        await program.stop();
        rmSync(folder, { recursive: true });
      }
    });
});
