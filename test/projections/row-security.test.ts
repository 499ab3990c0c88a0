import { expect } from 'chai';
import pg from 'pg';
import type { Scope } from '../../src/ports.ts';
import { listInbox, locateTicket, getTicket } from '../../src/projections/tickets/inbox.ts';
import { ticketStream } from '../../src/domain/tickets/ticket.ts';
import { rejection } from '../support/rejection.ts';
import {
  agentOf,
  customerOf,
  type Desk,
  everywhere,
  inDivision,
  noting,
  openDesk,
  opening,
  receiving,
  registered,
  taking,
  uuid,
} from './desk.ts';
import { readingStream } from '../../src/domain/conversation/reading.ts';
import { unchecked } from '../support/stores/unchecked.ts';

const TABLES = [
  'tickets',
  'ticket_tags',
  'ticket_counts',
  'ticket_terms',
  'term_counts',
  'messages_l1',
  'deliveries',
  'sends',
  'ticket_reads',
  'attachments',
  'messages_l2',
  'audit_log',
  'customers',
];
const SARI = uuid(101);
const SAVI = uuid(102);
const SENA = uuid(7);
const ANI = uuid(8);

describe('row security of the read tables', () => {
  let desk: Desk;
  let client: pg.Client;

  before(async () => {
    desk = await openDesk();
    await desk.append(...registered(SENA, 'sena', 'savi'));
    await desk.append(...registered(ANI, 'ani', 'sari'));
    for (const [ticketId, division, n] of [
      [SARI, 'sari', 201],
      [SAVI, 'savi', 202],
    ] as const) {
      await desk.append(...customerOf(division, uuid(n), '62811'));
      await desk.append(...opening(ticketId, division));
      await desk.append(
        ...receiving(ticketId, division, {
          channelMessageId: `wamid.${division}`,
          attachments: [{ kind: 'image', mediaId: 'm', mimeType: null, fileName: null }],
        }),
      );
      await desk.append(readingStream(ticketId), {
        type: 'TicketRead',
        data: { ticketId, division, userId: ANI, seen: 1 },
      });
      await desk.append(ticketStream(ticketId), {
        type: 'TicketTagged',
        data: { ticketId, division, tag: 'vip' },
      });
      await desk.append(`conversation-${ticketId}`, {
        type: 'DeliveryReported',
        data: {
          ticketId,
          division,
          channelMessageId: 'wamid.x',
          status: 'sent',
          error: null,
          reportedAt: '2026-11-20T01:00:00Z',
        },
      });
      await desk.append(...noting(ticketId, division, ANI, 'rahasia'), { actor: agentOf(ANI) });
      await desk.append(`delivery-${uuid(n + 100)}`, {
        type: 'DeliveryAccepted',
        data: { ticketId, division, messageId: uuid(n + 100), channelMessageId: 'wamid.y' },
      });
    }
    // A ticket of sari, given to an agent of savi.
    await desk.append(...taking(SARI, 'sari', SENA, 'savi'));
    await desk.settled();
    client = new pg.Client({ connectionString: desk.url });
    await client.connect();
  });
  after(async () => {
    await client.end();
    await desk.close();
  });

  /** Rows that a query without any filter shows to this role under these settings. */
  async function seen(
    role: string,
    table: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<{ division: string }[]> {
    await client.query('begin');
    try {
      for (const [name, value] of Object.entries(settings))
        await client.query('select set_config($1, $2, true)', [`app.${name}`, value]);
      await client.query(`set local role ${role}`);
      return (await client.query<{ division: string }>(`select division from read.${table}`)).rows;
    } finally {
      await client.query('rollback');
    }
  }

  for (const table of TABLES) {
    it(`${table}: without a setting, with an empty or an unknown one, a forgotten filter returns nothing`, async () => {
      expect(await seen('saga_reader_division', table)).to.be.empty;
      expect(await seen('saga_reader_division', table, { division: '' })).to.be.empty;
      expect(await seen('saga_reader_division', table, { division: 'sari,savi' })).to.be.empty;
      expect(await seen('saga_reader_division', table, { division: '%' })).to.be.empty;
    });

    it(`${table}: shows one division's rows to its reader, all to the reader of all`, async () => {
      const own = await seen('saga_reader_division', table, { division: 'sari' });
      expect(own.map(({ division }) => division))
        .to.include('sari')
        .and.not.include('savi');
      const all = await seen('saga_reader_all', table);
      expect(all.map(({ division }) => division))
        .to.include('sari')
        .and.include('savi');
    });

    it(`${table}: no way round through a partition, and no writing`, async () => {
      for (const role of ['saga_reader_division', 'saga_reader_all', 'saga_reader_ticket']) {
        const direct = await rejection(seen(role, `${table}_savi`, { division: 'savi' }));
        expect(direct).to.include({ code: '42501' });
      }
      await client.query('begin');
      await client.query(`select set_config('app.division', 'savi', true)`);
      await client.query('set local role saga_reader_division');
      const write = await rejection(client.query(`delete from read.${table}`));
      await client.query('rollback');
      expect(write).to.include({ code: '42501' });
    });
  }

  it('the owner itself sees nothing of a partition it names directly', async () => {
    expect((await client.query('select from read.tickets_sari')).rows).to.be.empty;
  });

  it('shows readers no more of a colleague than id and name', async () => {
    const error = await rejection(seenUsers('password_hash'));
    expect(error).to.include({ code: '42501' });
    expect(await rejection(seenUsers('email'))).to.include({ code: '42501' });
    expect(await seenUsers('name')).to.have.length(2);
  });

  async function seenUsers(column: string): Promise<unknown[]> {
    await client.query('begin');
    try {
      await client.query('set local role saga_reader_all');
      return (await client.query(`select ${column} from read.users`)).rows;
    } finally {
      await client.query('rollback');
    }
  }

  it('a pooled connection carries no scope over to the next reader', async () => {
    const ids = async (scope: Scope, division: 'sari' | 'savi'): Promise<unknown[]> =>
      desk.postgres.reads
        .scoped(scope, (sql) => sql.query(unchecked({ text: 'select id from read.tickets', values: [] })))
        .then((rows) => {
          expect(rows.map((row) => (row as { id: string }).id)).to.deep.equal([
            division === 'sari' ? SARI : SAVI,
          ]);
          return rows;
        });
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        n % 2 === 0 ? ids(inDivision('sari'), 'sari') : ids(inDivision('savi'), 'savi'),
      ),
    );
  });

  describe('a ticket assigned across divisions', () => {
    const granted: Scope = { kind: 'ticket', division: 'sari', ticketId: SARI, userId: SENA };
    const inbox = async (scope: Scope, division: 'sari' | 'savi') => {
      const page = await listInbox(desk.postgres.reads, scope, { divisions: [division], limit: 10 });
      return { ids: (JSON.parse(page.json) as { id: string }[]).map(({ id }) => id), total: page.total };
    };

    it('is in the list of who has it, counted, and in nobody else’s', async () => {
      const mine = await inbox(inDivision('savi', SENA), 'savi');
      expect(mine).to.deep.equal({ ids: [SARI, SAVI], total: 2 });
      expect(await inbox(inDivision('savi', ANI), 'savi')).to.deep.equal({ ids: [SAVI], total: 1 });
    });

    it('pages through both lists as one', async () => {
      const first = await listInbox(desk.postgres.reads, inDivision('savi', SENA), {
        divisions: ['savi'],
        limit: 1,
      });
      const second = await listInbox(desk.postgres.reads, inDivision('savi', SENA), {
        divisions: ['savi'],
        limit: 1,
        cursor: first.nextCursor ?? '',
      });
      const offset = await listInbox(desk.postgres.reads, inDivision('savi', SENA), {
        divisions: ['savi'],
        limit: 1,
        offset: 1,
      });
      expect(
        [first.json, second.json].map((json) => (JSON.parse(json) as { id: string }[])[0]?.id),
      ).to.deep.equal([SARI, SAVI]);
      expect(offset.json).to.equal(second.json);
      expect(second.nextCursor).to.equal(null);
    });

    it('opens with the grant, not with the setting alone', async () => {
      expect(await getTicket(desk.postgres.reads, granted, SARI)).to.not.equal(null);
      expect(await getTicket(desk.postgres.reads, { ...granted, userId: ANI }, SARI)).to.equal(null);
      for (const table of [
        'tickets',
        'messages_l1',
        'messages_l2',
        'audit_log',
        'deliveries',
        'sends',
        'ticket_reads',
        'attachments',
      ]) {
        const settings = { division: 'sari', ticket: SARI };
        expect(await seen('saga_reader_ticket', table, { ...settings, user: SENA }), table).to.not.be.empty;
        expect(await seen('saga_reader_ticket', table, { ...settings, user: ANI }), table).to.be.empty;
        expect(await seen('saga_reader_ticket', table, { division: 'savi', ticket: SAVI, user: SENA }), table)
          .to.be.empty;
        expect(await seen('saga_reader_ticket', table), table).to.be.empty;
      }
    });

    it('is found by whoever asks for it, with the division and nothing else', async () => {
      const { reads } = desk.postgres;
      expect(await locateTicket(reads, SARI, SENA)).to.deep.equal({ division: 'sari', granted: true });
      expect(await locateTicket(reads, SARI, ANI)).to.deep.equal({ division: 'sari', granted: false });
      expect(await locateTicket(reads, uuid(999), ANI)).to.equal(null);
    });

    it('is gone after it was given to somebody else', async () => {
      await desk.append(ticketStream(SARI), {
        type: 'TicketReassigned',
        data: {
          ticketId: SARI,
          division: 'sari',
          fromAgent: SENA,
          toAgent: ANI,
          toDivision: 'sari',
          reason: null,
        },
      });
      await desk.settled();
      expect(await getTicket(desk.postgres.reads, granted, SARI)).to.equal(null);
      expect(await inbox(inDivision('savi', SENA), 'savi')).to.deep.equal({ ids: [SAVI], total: 1 });
    });

    it('follows an agent who moves to another division', async () => {
      await desk.append(`user-${ANI}`, { type: 'UserMoved', data: { userId: ANI, division: 'safia' } });
      await desk.settled();
      expect(await locateTicket(desk.postgres.reads, SARI, ANI)).to.deep.equal({
        division: 'sari',
        granted: true,
      });
      await desk.append(`user-${ANI}`, { type: 'UserMoved', data: { userId: ANI, division: 'sari' } });
      await desk.settled();
      expect(await locateTicket(desk.postgres.reads, SARI, ANI)).to.deep.equal({
        division: 'sari',
        granted: false,
      });
    });
  });

  it('the product’s own check of the database finds nothing', async () => {
    await desk.postgres.assertRoles();
    expect(await getTicket(desk.postgres.reads, everywhere, SAVI)).to.not.equal(null);
  });
});
