import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { aCustomer, aText, get, MARK, ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import type { Reply } from '../support/http/http.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { type Installation, openInstallation } from './installation.ts';
import { startChannelStub, type ChannelStub } from './channel-stub.ts';

const TAP = resolve('test/support/outbound-tap.mjs');

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses?: Readonly<Record<string, { readonly content?: object }>>;
}

describe('an internal note (L2)', function () {
  this.timeout(60_000);
  const CANARY = `kenari${randomUUID().replaceAll('-', '')}`;
  const note = `${CANARY} ${MARK}`;
  const folder = mkdtempSync(join(tmpdir(), 'saga-tap-'));
  const tapFile = join(folder, 'connections');
  let channels: ChannelStub;
  let installation: Installation;
  let people: Record<'assignee' | 'colleague' | 'foreigner' | 'viewer' | 'lead' | 'sa', Session>;
  let ticketId: string;
  const seen: { who: string; what: string }[] = [];

  before(async () => {
    channels = await startChannelStub();
    installation = await openInstallation({
      env: { ...channels.env, OUTBOUND_TAP: tapFile },
      nodeArgs: ['--import', TAP],
    });
    people = {
      assignee: await installation.as('agent1.sari@demo.saga'),
      colleague: await installation.as('agent2.sari@demo.saga'),
      foreigner: await installation.as('agent1.savi@demo.saga'),
      viewer: await installation.as('viewer.sari@demo.saga'),
      lead: await installation.as('tl@demo.saga'),
      sa: await installation.as('sa@demo.saga'),
    };
    const customer = aCustomer();
    await ok(installation.channels().meta(customer, aText('Halo')));
    ticketId = await installation.ticket(people.assignee, customer);
    await ok(people.assignee.post(`/api/admin/ticket/${ticketId}/self-takeover`));
  });
  after(async () => {
    await installation.close();
    await channels.close();
    rmSync(folder, { recursive: true });
  });

  const at = (what: string): string => `/api/admin/ticket/${ticketId}/${what}`;
  const connections = (): string[] =>
    existsSync(tapFile) ? [...new Set(readFileSync(tapFile, 'utf8').trim().split('\n'))] : [];
  /** Connections of the program, without those to its database, to itself (the demo is seeded over HTTP) and to the stub. */
  const elsewhere = (): string[] => {
    const own = [
      new URL(installation.folder.databaseUrl()).host,
      new URL(installation.main().url).host,
      channels.host,
    ];
    // tsx reports to its parent which files it has loaded.
    return connections().filter((target) => !own.includes(target) && !/\/tsx-\d+\/\d+\.pipe$/.test(target));
  };

  function look(who: string, what: string, { text, headers }: Reply): void {
    const all = text + JSON.stringify([...headers]);
    if (all.includes(CANARY)) seen.push({ who, what });
  }

  it('is written by those who may, read by those who may, and by nobody else', async () => {
    const sent = () => channels.requests.filter((one) => one.startsWith('POST ')).length;
    const before = sent();
    await ok(people.assignee.post(at('internal-message'), { content: note }));
    await ok(
      people.lead.post(at('internal-message'), { content: note, tagged_agent_id: people.assignee.userId }),
    );
    for (const who of ['colleague', 'foreigner', 'viewer'] as const) {
      const refused = await people[who].post(at('internal-message'), { content: note });
      expect(refused.status, who).to.equal(403);
      look(who, 'refused note', refused);
      expect((await people[who].get(at('internal-messages'))).status, who).to.equal(403);
    }
    for (const who of ['assignee', 'lead', 'sa'] as const) {
      const { messages } = (await ok(people[who].get(at('internal-messages')))).data as {
        messages: { content: string }[];
      };
      expect(
        messages.map(({ content }) => content),
        who,
      ).to.deep.equal([note, note]);
    }
    // Errors about a note do not repeat it.
    look(
      'assignee',
      'unknown member',
      await people.assignee.post(at('internal-message'), { content: note, bogus: note }),
    );
    look(
      'assignee',
      'too long',
      await people.assignee.post(at('internal-message'), { content: note.repeat(500) }),
    );
    const untaggable = { content: note, tagged_agent_id: people.viewer.userId };
    look('assignee', 'untaggable', await people.assignee.post(at('internal-message'), untaggable));
    await installation.settled();
    expect(sent(), 'messages to channels').to.equal(before);
  });

  it('appears in no other answer of any route, for anybody', async () => {
    const { paths } = (await get(installation.main().url, '/api/openapi.json')).json as unknown as {
      paths: Record<string, { get?: Operation }>;
    };
    const routes = Object.entries(paths).flatMap(([path, { get: operation }]) =>
      // A stream has no end to wait for.
      operation && !JSON.stringify(operation.responses).includes('text/event-stream')
        ? [{ path, operation }]
        : [],
    );
    expect(routes.length).to.be.greaterThan(10);
    let answered = 0;
    for (const [who, session] of Object.entries(people)) {
      for (const { path, operation } of routes) {
        if (path.endsWith('/internal-messages')) continue;
        // What an auditor who may read notes is shown of a ticket's history, notes included (docs/replay.md).
        if (path.endsWith('/history') && (who === 'lead' || who === 'sa')) continue;
        // The search finds notes for those who may read them, and for nobody else.
        if (path.endsWith('/search') && ['assignee', 'lead', 'sa'].includes(who)) continue;
        const filled = path
          .replace(
            '{id}',
            path.includes('/users/') || path.includes('/agent') ? people.assignee.userId : ticketId,
          )
          .replace('{role}', 'sales_agent')
          .replace('{div}', 'sari')
          .replaceAll(/\{\w+\}/g, ticketId);
        const searchable = operation.parameters?.some(({ name }) => name === 'q') ?? false;
        const variants = [
          filled,
          ...(searchable ? [`${filled}?q=${CANARY}`, `${filled}?q=${CANARY.slice(0, 6)}`] : []),
        ];
        for (const variant of variants) {
          const reply = await session.get(variant);
          if (reply.status === 200) answered += 1;
          look(who, `GET ${variant}`, reply);
          if (variant.includes('?q=')) expect(reply.json.meta?.total ?? 0, `${who} ${path} hits`).to.equal(0);
        }
      }
    }
    expect(answered, 'answers with something in them').to.be.greaterThan(30);
    for (const path of ['/metrics', '/api/openapi.json', '/api/docs/', '/readyz', '/healthz']) {
      look('anybody', path, await get(installation.main().url, path));
    }
    expect(seen).to.deep.equal([]);
  });

  it('is in its own stream and its own table, and nowhere else in the database', async () => {
    const client = new pg.Client({ connectionString: installation.folder.databaseUrl('postgres') });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind = 'r' order by 1`,
      );
      const holding: string[] = [];
      for (const { name } of tables) {
        const { rows } = await client.query(`select 1 from ${name} t where t::text like $1 limit 1`, [
          `%${CANARY}%`,
        ]);
        if (rows.length > 0) holding.push(name);
      }
      // In the events it is encrypted.
      expect(holding).to.deep.equal(['read.messages_l2_sari']);
      expect(await eventsWith(CANARY)).to.deep.equal([
        { stream: `internal-${ticketId}`, type: 'InternalNotePosted' },
      ]);
    } finally {
      await client.end();
    }
  });

  async function eventsWith(text: string): Promise<{ stream: string; type: string }[]> {
    const raw = await createPostgresEventStore({
      connection: installation.folder.databaseUrl(),
      logger: silentLogger(),
    });
    const store = openedStore(raw, installation.folder);
    const found = new Map<string, { stream: string; type: string }>();
    const stop = new AbortController();
    for await (const { events, caughtUp } of store.subscribe({ after: '', signal: stop.signal })) {
      for (const { stream, type, data } of events)
        if (JSON.stringify(data).includes(text)) found.set(`${stream} ${type}`, { stream, type });
      if (caughtUp) stop.abort();
    }
    await store.close();
    return [...found.values()];
  }

  it('is sent nowhere, while a reply on the same ticket is', async () => {
    const message = aText('Baik');
    await ok(people.assignee.post(at('reply'), { message }));
    await ok(people.assignee.post(at('internal-message'), { content: note }));
    await eventually('the reply reaches its channel', () =>
      channels.requests.some((one) => one.includes(message)),
    );
    await installation.settled();
    expect(channels.requests.filter((one) => one.includes(CANARY))).to.deep.equal([]);
    expect(connections().length, 'the tap hears what is opened').to.be.greaterThan(0);
    expect(elsewhere(), 'connections to anybody else').to.deep.equal([]);
  });

  it('is in no log', () => {
    expect(installation.main().output().includes(CANARY)).to.equal(false);
    expect(installation.folder.serverLog().includes(CANARY)).to.equal(false);
  });
});
