/**
 * The erasure drill (docs/design/reliability.md#fault-tests, F26): a whole program, then a dump of everything,
 * searched for the customer.
 */
import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createFiles } from '../../../src/adapters/files/files.ts';
import { audit } from '../../../src/adapters/hash-chain/audit.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';
import { posting } from '../../support/http/http.ts';
import { metaBytes, sign, waBody, waChange } from '../../support/channels/meta.ts';
import { runScript } from '../../support/processes/npm-script.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const APP_SECRET = 'an app secret for tests only, 32 characters';
const PATIENCE_MS = 40_000;

interface Customer {
  readonly name: string;
  readonly phone: string;
  /** In every text about them. */
  readonly word: string;
}
const ZUL: Customer = { name: 'Zulkarnaen Qistibox', phone: '628777000111', word: 'pohonzaitun' };
const ANI: Customer = { name: 'Anindya Wirosableng', phone: '628777000222', word: 'gunungselamet' };

/** A wamid holds the phone number in base64, at whatever offset. */
const wamid = ({ phone }: Customer, n: number): string =>
  `wamid.${Buffer.from(`\x1d\x0c${phone}\x15\x02${String(n).padStart(20, 'F')}`).toString('base64')}`;

/** Every way in which a text may stand in a dump, in a body, in an id. */
function disguises(text: string): readonly string[] {
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [text, text.toLowerCase(), Buffer.from(text).toString('hex'), ...base64];
}

const tracesOf = ({ name, phone, word }: Customer): readonly string[] =>
  [...name.split(' '), phone, word].flatMap(disguises);

async function dump(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname not like 'pg_%' and n.nspname <> 'information_schema'`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const all = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.push(name, ...all.rows.map(({ row }) => row));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

/** What ANALYZE keeps of the values of columns: no table of ours, and no erasure reaches it. */
async function statistics(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('analyze');
    const { rows } = await client.query<{ row: string }>(
      `select starelid::regclass || ' ' || staattnum || ' ' || concat_ws(' ', stavalues1::text, stavalues2::text,
  stavalues3::text, stavalues4::text, stavalues5::text) as row from pg_statistic
union all select stxoid::text || coalesce(stxdmcv::text, '') from pg_statistic_ext_data join pg_statistic_ext e on e.oid = stxoid`,
    );
    return rows.map(({ row }) => row).join('\n');
  } finally {
    await client.end();
  }
}

const filesUnder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory() ? filesUnder(path) : [path];
      })
    : [];

describe('erasing a customer', () => {
  let app: TestProgram;
  let folder: string;
  const tickets = new Map<Customer, { ticketId: string; customerId: string }>();

  const everything = async (): Promise<string> =>
    [
      await dump(app.superuserUrl),
      JSON.stringify(app.log.lines, (_name, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
      ...filesUnder(folder).flatMap((path) => [path, readFileSync(path, 'latin1')]),
    ].join('\n');
  const found = async (who: Customer): Promise<string[]> => {
    const all = await everything();
    return tracesOf(who).filter((trace) => all.includes(trace));
  };
  const rows = async <Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: app.superuserUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  const of = (who: Customer) => {
    const known = tickets.get(who);
    if (!known) throw new Error(`${who.name} has no ticket`);
    return known;
  };

  async function writes(
    who: Customer,
    n: number,
    text: string,
    more: object = {},
    phoneId = 'PHONE_ID_003',
  ): Promise<void> {
    const message = {
      from: who.phone,
      id: wamid(who, n),
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: 'text',
      text: { body: text },
      ...more,
    };
    const contacts = [{ profile: { name: who.name }, wa_id: who.phone }];
    const body = metaBytes(waBody(waChange({ phoneId, contacts, messages: [message] })));
    const signature = { 'x-hub-signature-256': sign(body, APP_SECRET) };
    const reply = await app.call('/api/webhook/external-bot', posting(body.toString(), undefined, signature));
    expect(reply.status).to.equal(200);
  }

  async function ticketOf(who: Customer): Promise<void> {
    const card = await eventually(
      `a ticket of ${who.name}`,
      async () => {
        const { json } = await app.get('/api/admin/inbox?status=new', 'sa');
        return (json.data['tickets'] as { id: string; customer_id: string; customer_name: string }[]).find(
          ({ customer_name }) => customer_name === who.name,
        );
      },
      PATIENCE_MS,
    );
    tickets.set(who, { ticketId: card.id, customerId: card.customer_id });
  }

  /** The whole desk has to do with them, and closes the ticket. */
  async function served(who: Customer): Promise<void> {
    const { ticketId } = of(who);
    const about = `/api/admin/ticket/${ticketId}`;
    const done = async (path: string, body: object, as = 'agent.safia', key?: string): Promise<void> => {
      const reply = await app.post(path, body, as, key === undefined ? {} : { 'idempotency-key': key });
      expect(reply.status, `${path} ${reply.text}`).to.be.lessThan(300);
    };
    await done(`${about}/self-takeover`, {});
    await done(
      `${about}/reply`,
      { message: `Baik ${who.name}, ${who.word}` },
      'agent.safia',
      `reply-${ticketId}`,
    );
    await done(`${about}/reply-as-sa`, { message: `Dari tim: ${who.word}` }, 'sa');
    await done(`${about}/internal-message`, { content: `catatan ${who.word} ${who.phone}` });
    const crm = await app.patch(
      `${about}/crm`,
      {
        origin_city: `Kampung ${who.word}`,
        destination_city: `Desa ${who.word}`,
        crm_fields: { competitor_mentioned: `${who.word} express` },
      },
      'agent.safia',
    );
    expect(crm.status, crm.text).to.equal(200);
    const tag = (action: string, name: string) =>
      done(`${about}/tag`, { action, tag: name }, 'agent.safia', `${action}-${ticketId}-${name.length}`);
    await tag('add', `tetangga ${who.word}`);
    await tag('add', `${who.name} lama`);
    await tag('remove', `tetangga ${who.word}`);
    await done(
      `${about}/reassign`,
      {
        from_agent: app.person('agent.safia').id,
        to_agent: app.person('other.safia').id,
        reason: `${who.name} minta`,
      },
      'tl',
    );
    await done(`${about}/close`, { reason: `selesai ${who.word}` }, 'other.safia');
  }

  const erase = (who: Customer, as = 'sa') =>
    app.post(`/api/admin/customer/${of(who).customerId}/erase`, { reason: 'permintaan pelanggan' }, as);

  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'saga-erasure-'));
    app = await startTestProgram({
      FILES_DIR: join(folder, 'files'),
      DATA_DIR: folder,
      SEAL_KEY: 'a seal key for tests only, 32 characters',
    });
    for (const who of [ZUL, ANI]) {
      await writes(who, 1, `Halo, saya ${who.name}: ${who.word}`);
      await ticketOf(who);
      await writes(who, 2, '', {
        type: 'image',
        image: {
          id: `media-${who.word}`,
          mime_type: 'image/png',
          caption: `${who.word} di foto`,
          sha256: 'x',
        },
      });
    }
    // A dead letter: no division has this number.
    for (const who of [ZUL, ANI]) await writes(who, 3, `salah nomor ${who.word}`, {}, 'PHONE_ID_404');
    for (const who of [ZUL, ANI]) {
      const messages = await eventually(
        `the picture of ${who.name}`,
        async () => {
          const { json } = await app.get(`/api/admin/ticket/${of(who).ticketId}/messages`, 'sa');
          const all = json.data['messages'] as { id: string; content: string }[];
          return all.some(({ content }) => content.includes('foto')) ? all : undefined;
        },
        PATIENCE_MS,
      );
      const picture = messages.find(({ content }) => content.includes('foto'));
      // As the media job would have kept it.
      const bytes = piece(`picture of ${who.word}`);
      await createFiles(join(folder, 'files')).write(`media/${picture?.id ?? ''}-0`, bytes, 1_000);
    }
  });
  after(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As an operator runs it, next to the program. */
  const script = (name: string, ...args: string[]) => runScript(name, args, app.environment);

  async function* piece(text: string): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(text));
  }

  it('is refused while somebody may be talking with them', async () => {
    expect((await erase(ZUL)).json.error.code).to.equal('CUSTOMER_HAS_OPEN_TICKET');
    expect((await erase(ZUL, 'tl')).json.error.code).to.equal('FORBIDDEN');
    const nobody = await app.post(`/api/admin/customer/${app.person('sa').id}/erase`, {}, 'sa');
    expect(nobody.json.error.code).to.equal('CUSTOMER_NOT_FOUND');
  });

  it('leaves no word, name or number of theirs anywhere, and everything of the others', async function () {
    const sealed = await script('audit-seal');
    expect(sealed.code, sealed.output).to.equal(0);
    this.timeout(120_000);
    for (const who of [ZUL, ANI]) await served(who);
    const inbox = async () => (await app.get('/api/admin/inbox?limit=200', 'sa')).json.meta?.['total'];
    const total = await eventually(
      'both tickets closed',
      async () => {
        const { json } = await app.get('/api/admin/inbox?status=closed', 'sa');
        return json.meta?.['total'] === 2 ? inbox() : undefined;
      },
      PATIENCE_MS,
    );
    // Never, also while they are customers.
    const sampled = await statistics(app.superuserUrl);
    expect(sampled).to.include('read.users');
    for (const who of [ZUL, ANI])
      expect(tracesOf(who).filter((trace) => sampled.includes(trace))).to.deep.equal([]);
    // The search itself can find what is there.
    for (const trace of [...ZUL.name.split(' '), ZUL.phone, ZUL.word])
      expect(await found(ZUL)).to.include(trace);
    const [kept] = await rows<{ wrapped: Buffer }>(
      'select wrapped from ops.personal_keys where customer_id = $1',
      [of(ZUL).customerId],
    );

    const reply = await erase(ZUL);
    expect(reply.status, reply.text).to.equal(202);
    await eventually(
      'everything purged',
      async () => {
        const [row] = await rows<{ purged_at: Date | null }>(
          'select purged_at from ops.personal_keys where customer_id = $1',
          [of(ZUL).customerId],
        );
        return row?.purged_at !== null && row !== undefined;
      },
      PATIENCE_MS,
    );
    expect(await found(ZUL)).to.deep.equal([]);
    expect(await found(ANI)).to.include.members([ANI.word, ANI.phone, ...ANI.name.split(' ')]);
    expect(await inbox()).to.equal(total);

    // Still there for who looks: the ticket, the talk, its history, the search of others.
    for (const path of ['', '/messages', '/audit-log', '/internal-messages', '/history']) {
      const { status, text } = await app.get(`/api/admin/ticket/${of(ZUL).ticketId}${path}`, 'sa');
      expect(status, `${path} ${text}`).to.equal(200);
    }
    const search = async (q: string) => (await app.get(`/api/admin/inbox?q=${q}`, 'sa')).json.meta?.['total'];
    expect(await search('zulkarnaen')).to.equal(0);
    expect(await search('anindya')).to.equal(1);

    // A second time, and by the same request once more: the same answer.
    expect((await erase(ZUL)).status).to.equal(202);

    // The key table comes back from a backup: before a word is read, it is destroyed again.
    await rows(
      'update ops.personal_keys set wrapped = $2, destroyed_at = null, purged_at = null where customer_id = $1',
      [of(ZUL).customerId, kept?.wrapped],
    );
    const second = await app.another();
    const messages = await fetch(`${second}/api/admin/ticket/${of(ZUL).ticketId}/history`, {
      headers: { authorization: `Bearer ${app.person('sa').token}` },
    });
    expect(await messages.text()).not.to.include(ZUL.word);
    const [again] = await rows<{ wrapped: Buffer | null }>(
      'select wrapped from ops.personal_keys where customer_id = $1',
      [of(ZUL).customerId],
    );
    expect(again?.wrapped).to.equal(null);
    expect(await found(ZUL)).to.deep.equal([]);
  });

  it('breaks no hash chain and no seal of before', async function () {
    this.timeout(60_000);
    const verified = await script('audit-verify');
    expect(verified.code, verified.output).to.equal(0);
    expect(verified.stdout).to.match(/^seals: [1-9]\d*, the newest /m);
    expect(verified.stdout).not.to.include('says:');
    const store = await createPostgresEventStore({ connection: app.databaseUrl, logger: silentLogger() });
    const report = await audit(store, { signal: AbortSignal.timeout(30_000) });
    await store.close();
    expect(report.broken).to.deep.equal([]);
    expect(report.events).to.be.greaterThan(20);
  });

  it('leaves read tables that verify finds nothing wrong with', async function () {
    this.timeout(120_000);
    const said = await script('projections', 'verify', 'all', '--show');
    expect(said.code, said.output).to.equal(0);
  });

  it('can be asked for on the command line', async function () {
    this.timeout(60_000);
    const said = await script('customer-erase', of(ANI).customerId, '--reason', 'permintaan pelanggan');
    expect(said.code, said.output).to.equal(0);
    await eventually('nothing of them', async () => (await found(ANI)).length === 0, PATIENCE_MS);
    const nobody = await script('customer-erase', app.person('sa').id);
    expect(nobody).to.include({ code: 1, output: 'Nobody has this id.\n' });
  });

  it('does not keep them from coming back, as somebody new', async function () {
    this.timeout(60_000);
    await writes(ZUL, 9, `Halo lagi ${ZUL.word}`);
    const before = of(ZUL);
    await ticketOf(ZUL);
    expect(of(ZUL).customerId).not.to.equal(before.customerId);
    const { json } = await app.get(`/api/admin/ticket/${of(ZUL).ticketId}`, 'sa');
    expect(json.data['ticket']).to.include({ is_returning_customer: false, customer_name: ZUL.name });
    const old = await app.get(`/api/admin/ticket/${before.ticketId}`, 'sa');
    expect(old.json.data['ticket']).to.include({ customer_name: null });
  });
});
