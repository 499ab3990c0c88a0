/** Another program writes into our streams on EventStoreDB: views, jobs and routing of everybody go on. */
import { randomUUID } from 'node:crypto';
import { startEsdbServer, type EsdbServer } from '../../support/esdb-server/index.ts';
import type { Proposed } from '../../support/esdb-server/log.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';

const raw = (type: string, data: string | Buffer, metadata: string | Buffer = '', json = true): Proposed => ({
  id: randomUUID(),
  type,
  contentType: json ? 'application/json' : 'application/octet-stream',
  data: Buffer.from(data),
  metadata: Buffer.from(metadata),
});

const metadata = JSON.stringify({
  actor: { kind: 'system', process: 'other' },
  correlationId: 'c',
  causationId: 'c',
  requestId: 'r',
  at: '2026-11-20T03:00:00.000Z',
  schemaVersion: 1,
});
const queuedIn = (ticketId: string): string =>
  JSON.stringify({ ticketId, division: 'savi', label: 'waiting_agent', waitingFor: null });

describe('events of another program in our streams on EventStoreDB', function () {
  this.timeout(120_000);
  let server: EsdbServer;
  let app: TestProgram;

  before(async () => {
    server = await startEsdbServer();
    app = await startTestProgram({ EVENTSTORE_URL: server.url });
    const online = await app.post('/api/agent/status', { status: 'online' }, 'agent.savi');
    if (online.status !== 200) throw new Error(online.text);
  });
  after(async () => {
    await app.close();
    server.stop();
  });

  const FOREIGN: Readonly<Record<string, () => readonly [string, ...Proposed[]]>> = {
    'nothing at all': () => [`ticket-${randomUUID()}`, raw('OrderPlaced', '')],
    'JSON of theirs': () => [`ticket-${randomUUID()}`, raw('OrderPlaced', '{"order":1}', '{"by":"them"}')],
    'JSON that is no object': () => [
      'ticket-orders',
      raw('OrderPlaced', '[1]', 'null'),
      raw('OrderPlaced', '7', '"x"'),
    ],
    'broken JSON': () => ['ticket-broken', raw('OrderPlaced', '{"order', '{"by')],
    bytes: () => ['ticket-bytes', raw('OrderPlaced', Buffer.from([0, 255, 1]), Buffer.from([254]), false)],
    'a type of ours with data of theirs': () => [
      'ticket-ours',
      raw('TicketQueued', '{"ticketId":7}', metadata),
    ],
    'a ticket in the queue that was never opened': () => {
      const id = randomUUID();
      return [`ticket-${id}`, raw('TicketQueued', queuedIn(id), metadata)];
    },
    'the same without an id': () => ['ticket-orders-2', raw('TicketQueued', queuedIn('orders-2'), metadata)],
    'a seal of another installation': () => [
      'ticket-sealed',
      raw(
        'TicketOpened',
        JSON.stringify({
          ticketId: 'sealed',
          $sealed: `v1.${randomUUID()}.${Buffer.alloc(40).toString('base64')}`,
        }),
        metadata,
      ),
    ],
    'a seal of nobody': () => [
      'conversation-sealed',
      raw('MessageReceived', JSON.stringify({ ticketId: 'sealed', $sealed: 'x' }), metadata),
    ],
  };

  for (const [what, make] of Object.entries(FOREIGN)) {
    it(`${what}: a new ticket is opened, shown and routed`, async () => {
      const [stream, ...events] = make();
      server.inject(stream, ...events);
      const [ticketId = ''] = await app.openTickets('savi', 1);
      await app.handoff(ticketId);
      await eventually(
        'it has an agent',
        async () => {
          const { json } = await app.get(`/api/admin/ticket/${ticketId}`, 'sa');
          return (json.data['ticket'] as { assigned_to: unknown }).assigned_to !== null;
        },
        10_000,
      );
    });
  }
});
