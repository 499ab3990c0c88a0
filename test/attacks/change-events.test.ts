/** What the program's role could do to history (docs/design/reliability.md#the-owner-of-the-events). */
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { migrate, MigrationError, MIGRATIONS_FOLDER } from '../../src/adapters/migrations.ts';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { EventsOwnerError, waysToChangeEvents } from '../../src/adapters/postgres/events-owner.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { createWriteProbe } from '../../src/adapters/operational/write-probe.ts';
import type { NewEvent } from '../../src/ports.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { rejection } from '../support/rejection.ts';
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/stores/postgres.ts';

/** insufficient_privilege */
const MAY_NOT = '42501';

/** Each would change, delete or hide history, or make it possible to. */
const ATTACKS = [
  "update es.events set type = 'Other'",
  "update es.events set data = '{}', metadata = '{}' where revision = 0",
  'delete from es.events',
  'delete from es.events where position = (select max(position) from es.events)',
  'truncate es.events',
  'truncate es.events cascade',
  `insert into es.events (position, stream, revision, event_id, type, data, metadata)
    values (999, 'ticket-1', 9, gen_random_uuid(), 'Forged', '{}', '{}')`,
  "copy es.events from program 'true'",
  'merge into es.events e using (select 1) s on true when matched then delete',
  'update es.store set head = 0',
  'update es.store set store_id = gen_random_uuid()',
  'delete from es.store',
  'select from es.events for update',
  'lock table es.events in access exclusive mode',
  'alter table es.events disable trigger events_are_append_only',
  'alter table es.events disable trigger all',
  'alter table es.events rename to gone',
  'alter table es.events add column extra text',
  'alter table es.events drop column metadata',
  'alter table es.events owner to saga',
  'alter table es.events set schema ops',
  'alter table es.events set unlogged',
  'alter table es.events enable row level security',
  'create rule swallow as on insert to es.events do instead nothing',
  'create policy hide on es.events using (false)',
  'create trigger swallow before insert on es.events for each row execute function suppress_redundant_updates_trigger()',
  'create view es.events_too as select * from es.events',
  'create table es.other (n int)',
  'drop trigger events_are_append_only on es.events',
  'drop table es.events',
  'drop table es.store',
  'drop schema es cascade',
  'alter schema es rename to gone',
  'alter schema es owner to saga',
  'drop function es.refuse_change() cascade',
  'create or replace function es.refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
  `create or replace function es.append(p_stream text, p_expected bigint, p_ids uuid[], p_types text[], p_data json[],
     p_metadata json[], out ok boolean, out revision bigint, out "position" bigint)
     language plpgsql as $$ begin ok := true; end $$`,
  'alter function es.append(text, bigint, uuid[], text[], json[], json[]) security invoker',
  'alter function es.take_locks_of_append() reset search_path',
  'set session_replication_role = replica',
  'set role saga_events_owner',
  'set session authorization saga_events_owner',
  'set role postgres',
  'grant saga_events_owner to saga',
  'reassign owned by saga_events_owner to saga',
  'drop owned by saga_events_owner cascade',
  'drop role saga_events_owner',
  'alter role saga_events_owner login',
];

const said = (): NewEvent => ({
  id: randomUUID(),
  type: 'Said',
  data: { a: 1 },
  metadata: {
    actor: { kind: 'system', process: 'test' },
    correlationId: 'c',
    causationId: 'c',
    requestId: 'r',
    at: '2026-11-30T00:00:00.000Z',
    schemaVersion: 1,
  },
});

describe('changing events as the role of the program', function () {
  this.timeout(60_000);
  const logger = silentLogger();
  let database: TestDatabase;
  let program: pg.Client;
  let superuser: pg.Client;
  const connect = async (connectionString: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    return client;
  };
  const append = (client: pg.Client): Promise<unknown> =>
    client.query(
      `select * from es.append('ticket-1', -2, array[gen_random_uuid()], '{Said}', array['{"a":1}']::json[], array['{"b":2}']::json[])`,
    );
  const everything = async (): Promise<unknown> =>
    (
      await superuser.query(
        'select e.*, s.head, s.store_id from es.events e cross join es.store s order by position',
      )
    ).rows;

  before(async () => {
    database = await testDatabase();
    program = await connect(database.url);
    superuser = await connect(database.superuserUrl);
    await append(program);
    await append(program);
  });
  after(async () => {
    await program.end();
    await superuser.end();
    await database.drop();
  });

  for (const attack of ATTACKS) {
    it(`is refused: ${attack.replaceAll(/\s+/g, ' ').slice(0, 90)}`, async () => {
      const before = await everything();
      // LOCK wants a transaction.
      await program.query('begin');
      const error = await rejection(program.query(attack));
      await program.query('rollback');
      expect((error as { code?: string }).code, String(error)).to.equal(MAY_NOT);
      expect(await everything()).to.deep.equal(before);
    });
  }

  it('gives itself no right to them', async () => {
    // Postgres answers with a warning, and grants nothing.
    await program.query('grant all on es.events, es.store to saga, public');
    const error = await rejection(program.query("update es.events set type = 'Other'"));
    expect((error as { code?: string }).code).to.equal(MAY_NOT);
  });

  it('is refused: dropping the whole database, from another one', async () => {
    const other = await emptyDatabase();
    const elsewhere = await connect(other.url);
    try {
      const name = new URL(database.url).pathname.slice(1);
      const error = await rejection(elsewhere.query(`drop database ${name} with (force)`));
      expect((error as { code?: string }).code).to.equal(MAY_NOT);
    } finally {
      await elsewhere.end();
      await other.drop();
    }
  });

  it('is refused for whoever owns them, too, as long as the trigger is there', async () => {
    for (const change of [
      "update es.events set type = 'Other'",
      'delete from es.events',
      'truncate es.events',
    ])
      expect(String(await rejection(superuser.query(change))), change).to.include('append-only');
    // Not even in a session that replays another server's changes, where ordinary triggers are silent.
    await superuser.query('set session_replication_role = replica');
    expect(String(await rejection(superuser.query('delete from es.events')))).to.include('append-only');
    await superuser.query('reset session_replication_role');
  });

  it('does not fool the functions by names of its own', async () => {
    const client = await connect(database.url);
    try {
      await client.query('create temp table store (only_row boolean, store_id uuid, head bigint)');
      await client.query('create domain pg_temp.uuid as text');
      await client.query(
        "create function pg_temp.cardinality(anyarray) returns int language sql as 'select 1000'",
      );
      await client.query('set search_path = pg_temp, pg_catalog');
      const before = (await everything()) as { head: string }[];
      await append(client);
      const after = (await everything()) as { head: string }[];
      expect(Number(after[0]?.head)).to.equal(Number(before[0]?.head) + 1);
      expect(after).to.have.length(before.length + 1);
    } finally {
      await client.end();
    }
  });

  it('leaves the program what it needs: append, read, subscribe, and the probe of /readyz', async () => {
    const store = await createPostgresEventStore({ connection: database.url, logger });
    const probe = createWriteProbe({ url: database.url, ownStore: true, logger });
    try {
      const event = said();
      expect((await store.append('ticket-2', [event], { expected: 'none' })).written).to.equal(true);
      expect((await store.append('ticket-2', [event], { expected: 'none' })).written).to.equal(false);
      expect(await store.read('ticket-2')).to.have.length(1);
      expect(await probe.problem()).to.equal(null);
    } finally {
      await probe.close();
      await store.close();
    }
    const postgres = createPostgres({ url: database.url, logger, poolSize: 1 });
    try {
      expect(await waysToChangeEvents(postgres.writes)).to.deep.equal([]);
    } finally {
      await postgres.close();
    }
  });

  describe('an installation of before, or with one role only', () => {
    let old: TestDatabase;
    beforeEach(async () => {
      old = await emptyDatabase();
    });
    afterEach(() => old.drop());
    async function ways(url = old.url): Promise<readonly string[]> {
      const postgres = createPostgres({ url, logger, poolSize: 1 });
      try {
        return await waysToChangeEvents(postgres.writes);
      } finally {
        await postgres.close();
      }
    }

    it('works on, and says how events could be changed', async () => {
      await migrate(old.url, { logger });
      expect(await ways()).to.include.members([
        'it is, or may become, saga, who owns schema es',
        'it is, or may become, saga, who owns es.events',
        'it is, or may become, saga, who owns the database and can drop it',
      ]);
      const store = await createPostgresEventStore({ connection: old.url, logger });
      await store.append('ticket-1', [said()], {
        expected: 'none',
      });
      await store.close();
    });

    it('says each other way, one by one', async () => {
      await migrate(old.url, { logger, ownerUrl: old.superuserUrl });
      expect(await ways()).to.deep.equal([]);
      const admin = await connect(old.superuserUrl);
      try {
        for (const [grant, revoke, says] of [
          ['grant update on es.events to saga', 'revoke update on es.events from saga', 'write to es.events'],
          ['grant update (head) on es.store to saga', 'revoke update on es.store from saga', 'es.store'],
          ['grant truncate on es.events to public', 'revoke truncate on es.events from public', 'es.events'],
          ['grant create on schema es to saga', 'revoke create on schema es from saga', 'create in schema'],
          [
            'grant pg_write_server_files to saga',
            'revoke pg_write_server_files from saga',
            'pg_write_server',
          ],
          ['grant pg_write_all_data to saga', 'revoke pg_write_all_data from saga', 'write to es.events'],
          [
            'alter table es.events disable trigger events_are_append_only',
            'alter table es.events enable always trigger events_are_append_only',
            'trigger',
          ],
          ['grant saga_events_owner to saga', 'revoke saga_events_owner from saga', 'may become'],
        ] as const) {
          await admin.query('begin');
          await admin.query(grant);
          await admin.query('commit');
          try {
            expect((await ways()).join('; '), grant).to.include(says);
          } finally {
            await admin.query(revoke);
          }
        }
        expect(await ways()).to.deep.equal([]);
      } finally {
        await admin.end();
      }
      expect(await ways(old.superuserUrl)).to.deep.equal(['it is a superuser']);
    });

    it('gets an owner later, by a role that is no superuser, with all that is in it', async () => {
      await migrate(old.url, { logger });
      const mine = await connect(old.url);
      await append(mine);
      const admin = await connect(old.superuserUrl);
      const role = `migrator_${String(process.pid)}`;
      await admin.query(`create role ${role} login password 'secret'`);
      const url = new URL(old.url);
      url.username = role;
      url.password = 'secret';
      try {
        expect(await rejection(migrate(old.url, { logger, ownerUrl: url.toString() }))).to.be.instanceOf(
          EventsOwnerError,
        );
        await admin.query(`grant saga, saga_events_owner to ${role}`);
        await admin.query(`grant create on database ${url.pathname.slice(1)} to saga_events_owner`);
        await migrate(old.url, { logger, ownerUrl: url.toString() });
        await append(mine);
        expect((await mine.query('select from es.events')).rowCount).to.equal(2);
        expect(await rejection(mine.query('delete from es.events'))).to.have.property('code', MAY_NOT);
        // What only an administrator may give away is left, and said.
        expect(await ways()).to.deep.equal([
          'it is, or may become, saga, who owns the database and can drop it',
        ]);
      } finally {
        await mine.end();
        await admin.query(`drop owned by ${role}`);
        await admin.query(`drop role ${role}`);
        await admin.end();
      }
    });

    it('is migrated on by the program, except where a migration is for the owner', async () => {
      await migrate(old.url, { logger, ownerUrl: old.superuserUrl });
      const folder = mkdtempSync(join(tmpdir(), 'saga-migrations-'));
      cpSync(MIGRATIONS_FOLDER, folder, { recursive: true, dereference: true });
      try {
        writeFileSync(join(folder, '29990101_0001_plain.sql'), 'create table ops.plain (n int);');
        expect(await migrate(old.url, { logger, folder })).to.deep.equal(['29990101_0001_plain.sql']);
        writeFileSync(
          join(folder, '29990101_0002_events.sql'),
          '-- As the owner of the events.\nalter table es.events add column later text;\n' +
            "create function es.later() returns int language sql as 'select 1';",
        );
        const refused = await rejection(migrate(old.url, { logger, folder }));
        expect(refused).to.be.instanceOf(MigrationError);
        expect(String(refused)).to.include('MIGRATE_DATABASE_URL');
        expect(await migrate(old.url, { logger, folder, ownerUrl: old.superuserUrl })).to.have.length(1);
        // What the owner made belongs to the owner, and the program may use it.
        expect(await ways()).to.deep.equal([]);
        const mine = await connect(old.url);
        expect((await mine.query('select es.later() as n, count(later) from es.events')).rowCount).to.equal(
          1,
        );
        await mine.end();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
