/** F16 (docs/design/reliability.md#fault-tests): a dump, restored into a new cluster. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/start.ts';
import { createMark, setMark } from '../../src/adapters/postgres/unfinished-restore.ts';
import { rowsOf as run } from '../../src/adapters/postgres/rows-of.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import {
  aCustomer,
  aText,
  channels,
  type Customer,
  login,
  ok,
  type Session,
} from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { type Recorder, startRecorder } from '../support/observe/recorder.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { type DataFolder, dataFolder, launch, type Program } from '../support/processes/program.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { type Installation, openInstallation, PASSWORD } from '../e2e/installation.ts';
import { webhookInboxIsEmpty } from '../e2e/webhook-inbox.ts';
import { expectLedger } from '../e2e/ledger.ts';
import { hasParked, parkAndSkip } from './park-and-skip.ts';

/** Key of each row, and the row as text. */
interface Rows {
  readonly events: ReadonlyMap<string, string>;
  readonly inbox: ReadonlyMap<string, string>;
}

async function rowsOf(databaseUrl: string): Promise<Rows> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const all = async (table: string, key: string): Promise<ReadonlyMap<string, string>> => {
    const { rows } = await client.query<{ key: string; row: string }>(
      `select ${key}::text as key, t::text as row from ${table} t order by ${key}`,
    );
    return new Map(rows.map(({ key, row }) => [key, row]));
  };
  try {
    return { events: await all('es.events', 'position'), inbox: await all('ops.webhook_inbox', 'seq') };
  } finally {
    await client.end();
  }
}

describe('a backup, restored into a new cluster (F16)', function () {
  this.timeout(240_000);
  let installation: Installation;
  let folder: DataFolder;
  let program: Program | undefined;
  let agent: Session;
  let ticketId: string;
  const customer: Customer = aCustomer();
  /** Writes shortly before the backup, and is erased after it. */
  const erased: Customer = aCustomer();
  /** Has a ticket that was closed before the backup: webhooks that are taken in again must not open another. */
  const finished: Customer = aCustomer();
  let backedUp: Rows;
  const place = mkdtempSync(join(tmpdir(), 'saga-backup-'));
  const acknowledged: string[] = [];
  const lost: string[] = [];
  let whatsapp: Recorder;
  let backup = '';
  let openReply = '';

  const list = ({ path }: DataFolder): string => join(path, 'erased.jsonl');

  const webhooksAreEvents = () =>
    eventually('every delivery is an event', () => webhookInboxIsEmpty(folder.databaseUrl()), 30_000);

  /** Tables of the restored database that contain a customer's number. */
  async function tracesOf({ userId }: Customer): Promise<string[]> {
    const cluster = await startEmbeddedPostgres({ dataDir: folder.path, logger: silentLogger() });
    const client = new pg.Client({ connectionString: folder.databaseUrl('postgres') });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname in ('es', 'ops', 'read')`,
      );
      const found: string[] = [];
      for (const { name } of rows) {
        const like = `%${userId.slice('wa_'.length)}%`;
        if ((await client.query(`select 1 from ${name} t where t::text like $1 limit 1`, [like])).rowCount)
          found.push(name);
      }
      return found;
    } finally {
      await client.end();
      await cluster.stop();
    }
  }

  const restore = (...more: string[]): ReturnType<typeof runScript> =>
    runScript('restore', [...more, backup], { DATA_DIR: folder.path });

  before(async () => {
    folder = await dataFolder();
    // Nobody listens there: replies stay queued, so that the sender has something open at the time of the backup.
    installation = await openInstallation({
      env: { WHATSAPP_TOKEN: 'a-token', WHATSAPP_API_URL: 'http://127.0.0.1:1' },
    });
    whatsapp = await startRecorder();
    agent = await installation.as('agent1.sari@demo.saga');
    const text = aText('Halo');
    await ok(installation.channels().says(customer, text));
    acknowledged.push(text);
    ticketId = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
    openReply = aText('Baik');
    await ok(agent.post(`/api/admin/ticket/${ticketId}/reply`, { message: openReply }));
    acknowledged.push(openReply);
    await ok(installation.channels().says(finished, aText('Selesai')));
    await ok(agent.post(`/api/admin/ticket/${await installation.ticket(agent, finished)}/close`));
    await ok(installation.channels().meta(erased, aText('Hapus')));
    const theirs = await installation.ticket(agent, erased);
    await ok(agent.post(`/api/admin/ticket/${theirs}/close`));
    await installation.settled();
    await parkAndSkip(installation, ticketId);
    mkdirSync(join(installation.folder.path, 'files/media/ab'), { recursive: true });
    writeFileSync(join(installation.folder.path, 'files/media/ab/11111111'), 'isi berkas');
  });
  after(async () => {
    await program?.stop();
    await whatsapp.close();
    await folder.remove();
    await installation.close();
    rmSync(place, { recursive: true, force: true });
  });

  const seal = async (): Promise<void> => {
    const { code, output } = await runScript('audit-seal', [], { DATA_DIR: installation.folder.path });
    expect(code, output).to.equal(0);
  };

  it('is written while the program goes on, in two parts, without secrets', async () => {
    await seal();
    const { code, output } = await runScript('backup', [place], { DATA_DIR: installation.folder.path });
    expect(code, output).to.equal(0);
    const [name = ''] = readdirSync(place);
    backup = join(place, name);
    backedUp = await rowsOf(installation.folder.databaseUrl('postgres'));
    expect(readdirSync(backup).sort()).to.deep.equal(['events', 'personal']);
    const manifest = readFileSync(join(backup, 'events/manifest.json'), 'utf8');
    for (const file of ['events/es.events.copy.gz', 'personal/ops.webhook_inbox.copy.gz']) {
      const bytes = readFileSync(join(backup, file));
      expect(() => gunzipSync(bytes), `${file} is encrypted`).to.throw();
    }
    expect(readFileSync(join(backup, 'personal/files/media/ab/11111111'), 'latin1')).not.to.include(
      'isi berkas',
    );
    for (const secret of Object.values(installation.folder.secrets()))
      expect(manifest).not.to.include(secret);
    // What comes after it is lost with the machine.
    const late = aText('Terlambat');
    await ok(installation.channels().says(customer, late));
    lost.push(late);
    await installation.settled();
    await seal();
    const sa = await installation.as('sa@demo.saga');
    const [theirs = ''] = await installation.tickets(sa, erased);
    const { ticket } = (await ok(sa.get(`/api/admin/ticket/${theirs}`))).data as {
      ticket: { customer_id: string };
    };
    await ok(sa.post(`/api/admin/customer/${ticket.customer_id}/erase`));
    await eventually(
      'it is on the list next to the backups',
      () => existsSync(list(installation.folder)),
      30_000,
    );
  });

  it('refuses other secrets, a changed byte, and a database that is in use', async () => {
    const { BACKUP_KEY = '' } = JSON.parse(
      readFileSync(join(installation.folder.path, 'secrets.json'), 'utf8'),
    ) as { BACKUP_KEY?: string };
    const unsigned = await restore();
    expect([unsigned.code, unsigned.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes('BACKUP_KEY'),
    );
    const other = await runScript('restore', [backup], { DATA_DIR: folder.path, BACKUP_KEY });
    expect([other.code, other.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes('BLIND_INDEX_KEY'),
    );
    copyFileSync(join(installation.folder.path, 'secrets.json'), join(folder.path, 'secrets.json'));
    copyFileSync(list(installation.folder), list(folder));
    const file = join(backup, 'events/es.events.copy.gz');
    const bytes = readFileSync(file);
    const changed = Buffer.from(bytes);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, changed);
    expect((await restore()).output).to.match(/missing or damaged/);
    writeFileSync(file, bytes);
    const manifest = join(backup, 'events/manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"es.events.copy.gz"', '"../../es.events.copy.gz"'));
    expect((await restore()).output).to.match(/manifest\.json was changed/);
    expect((await restore('--unsigned')).output, 'not round the signature').to.match(/cannot be used/);
    writeFileSync(manifest, text);
    const used = await runScript('restore', [backup], {
      DATA_DIR: installation.folder.path,
      FILES_DIR: join(place, 'none'),
    });
    expect([used.code, used.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes('in use already'),
    );
  });

  it('is resumed from where it was cut off: before the rows, before the files', async () => {
    const other = await dataFolder();
    for (const name of ['secrets.json', 'erased.jsonl'])
      copyFileSync(join(folder.path, name), join(other.path, name));
    const resume = () => runScript('restore', ['--resume', backup], { DATA_DIR: other.path });
    const cluster = await startEmbeddedPostgres({ dataDir: other.path, logger: silentLogger() });
    const client = new pg.Client({ connectionString: other.databaseUrl('saga') });
    try {
      await client.connect();
      const { id } = JSON.parse(readFileSync(join(backup, 'events/manifest.json'), 'utf8')) as { id: string };
      // What a restore that was killed at its beginning leaves.
      await run(client, createMark());
      await run(client, setMark(id, 'begun'));
      // It ends again at the last step, because somebody holds a lease that accepting waits for.
      await client.query(`select pg_advisory_lock(hashtextextended('saga lease sender', 0))`);
      const begun = await resume();
      expect(begun.code, begun.output).to.equal(1);
      const { rows } = await client.query('select phase from public.saga_unfinished_restore');
      expect(rows).to.deep.equal([{ phase: 'copied' }]);
      // Killed between the rows and the files.
      await run(client, setMark(id, 'loaded'));
      rmSync(join(other.path, 'files'), { recursive: true });
      await client.query('select pg_advisory_unlock_all()');
      const loaded = await resume();
      expect(loaded.code, loaded.output).to.equal(0);
      expect(readFileSync(join(other.path, 'files/media/ab/11111111'), 'utf8')).to.equal('isi berkas');
      const restored = await rowsOf(other.databaseUrl('postgres'));
      const there = [...restored.events];
      expect(there.length).to.be.greaterThan(0);
      expect(there).to.deep.equal([...backedUp.events].slice(0, there.length));
    } finally {
      await client.end();
      await cluster.stop();
      await other.remove();
    }
  });

  it('interrupted before it was accepted, keeps every start away until it is resumed', async () => {
    const cluster = await startEmbeddedPostgres({ dataDir: folder.path, logger: silentLogger() });
    try {
      // Somebody holds a lease that accepting waits for: the restore ends in the middle.
      const holder = new pg.Client({ connectionString: folder.databaseUrl('postgres') });
      await holder.connect();
      await holder.query(`select pg_advisory_lock(hashtextextended('saga lease sender', 0))`);
      const interrupted = await restore();
      await holder.end();
      expect(interrupted.code, interrupted.output).to.equal(1);
      const refused = await launch({ folder });
      expect((await refused.exited).code).to.equal(1);
      expect(refused.errors()).to.include('npm run restore -- --resume');
      for (const script of ['migrate', 'keys-rewrap', 'webhook-replay']) {
        const { code, output } = await runScript(script, [], { DATA_DIR: folder.path });
        expect([script, code]).to.deep.equal([script, 1]);
        expect(output, script).to.include('npm run restore -- --resume');
      }
      expect((await restore()).output, 'not from the start').to.include('npm run restore -- --resume');
      // A backup takes its files after its rows: a seal in it may be of events that are not.
      const seals = join(folder.path, 'files/seals');
      expect(readdirSync(seals)).not.to.deep.equal([]);
      const made = join(installation.folder.path, 'files/seals');
      for (const name of readdirSync(made)) copyFileSync(join(made, name), join(seals, name));

      const { code, output } = await restore('--resume');
      expect(code, output).to.equal(0);
      expect(output).to.match(/^Seal \d+ says that the store was restored\.$/m);
      expect((await restore('--resume')).output).to.include('nothing to resume');
      const verified = await runScript('audit-verify', [], { DATA_DIR: folder.path });
      expect(verified.code, verified.output).to.equal(0);
      expect(verified.stdout).to.match(
        /^seal \d+ \(\S+\) says: the event store was restored .*Of the state before: seals \d/m,
      );
      const restored = await rowsOf(folder.databaseUrl('postgres'));
      for (const table of ['events', 'inbox'] as const) {
        const there = [...restored[table]];
        expect(there.length, table).to.be.greaterThan(0);
        expect(there, table).to.deep.equal([...backedUp[table]].slice(0, there.length));
      }
    } finally {
      await cluster.stop();
    }
  });

  it('is all there again, views and all, nothing of it is sent, and work goes on', async () => {
    expect(readFileSync(join(folder.path, 'files/media/ab/11111111'), 'utf8')).to.equal('isi berkas');
    expect(await tracesOf(erased), 'of who was erased, before the first start').not.to.deep.equal([]);
    program = await launch({
      folder,
      env: { LOGIN_LIMIT_PER_ADDRESS: '100000', WHATSAPP_TOKEN: 'a-token', WHATSAPP_API_URL: whatsapp.url },
    });
    await program.ready();
    expect(await hasParked(program), 'what was skipped before the backup is parked again').to.equal(false);
    await eventually(
      'who was erased is erased again',
      async () => (await tracesOf(erased)).length === 0,
      40_000,
    );
    const again = await login(program.url, 'agent1.sari@demo.saga', PASSWORD);
    expect((await agent.at(program.url).get('/api/auth/me')).status, 'sessions of before are over').to.equal(
      401,
    );
    const path = `/api/admin/ticket/${ticketId}/messages?limit=200`;
    const messages = await eventually(
      'the open reply is left unknown',
      async () => {
        const list = (await ok(again.get(path))).data.messages as {
          content: string;
          delivery_status?: string;
        }[];
        return list.some(
          ({ content, delivery_status }) => content === openReply && delivery_status === 'unknown',
        )
          ? list
          : undefined;
      },
      30_000,
    );
    expect(messages.map(({ content }) => content)).to.deep.equal(acknowledged);
    await webhooksAreEvents();
    expect(await installation.tickets(again, finished), 'a closed ticket gets no second one').to.have.length(
      1,
    );
    expect(await tracesOf(erased), 'who was erased came back with a webhook').to.deep.equal([]);
    const reply = aText('Sesudahnya');
    await ok(again.post(`/api/admin/ticket/${ticketId}/reply`, { message: reply }));
    const fresh = aText('Halo lagi');
    await ok(channels(program.url, folder.secrets()).says(customer, fresh));
    await eventually('what is said now is sent', () =>
      whatsapp.bodies().some((body) => body.includes(reply)),
    );
    expect(
      whatsapp.bodies().filter((body) => body.includes(openReply)),
      'sent again',
    ).to.deep.equal([]);
    await eventually(
      'new events are delivered',
      async () => {
        const list = (await ok(again.get(path))).data.messages as { content: string }[];
        return list.some(({ content }) => content === fresh);
      },
      30_000,
    );
    const events = await createPostgresEventStore({
      connection: folder.databaseUrl(),
      logger: silentLogger(),
    });
    const store = openedStore(events, folder);
    try {
      await expectLedger(store, folder.databaseUrl('postgres'), {
        acknowledged: [...acknowledged, reply, fresh],
        refused: lost,
      });
    } finally {
      await store.close();
    }
  });
});
