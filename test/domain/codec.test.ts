import { expect } from 'chai';
import { decode, EVENTS, UndecodableEvent } from '../../src/domain/codec.ts';
import type { StoredEvent } from '../../src/ports.ts';
import { TICKET, tagged } from '../support/scenarios/ticket-events.ts';

const stored = (over: Partial<StoredEvent> = {}): StoredEvent => ({
  id: TICKET,
  stream: `ticket-${TICKET}`,
  revision: 3n,
  position: '7',
  ...tagged('vip'),
  metadata: {
    actor: { kind: 'system', process: 'test' },
    correlationId: 'c',
    causationId: 'c',
    requestId: 'r',
    at: '2026-07-03T10:30:00.000Z',
    schemaVersion: 1,
  },
  ...over,
});

describe('the codec', () => {
  it('reads what was written', () => {
    expect(decode(stored())).to.deep.include({ ...tagged('vip'), revision: 3n, position: '7' });
  });

  for (const [what, broken] of [
    ['an unknown type', { type: 'TicketTeleported' }],
    ['data that breaks its schema', { data: { ticketId: 'x', division: 'sari', tag: 'vip' } }],
    ['data that is a string, as the client gives broken JSON', { data: '{"ticketId":' }],
    ['metadata without an actor', { metadata: { at: '2026-07-03T10:30:00.000Z' } }],
    [
      'a version this program does not know',
      { metadata: { ...(stored().metadata as object), schemaVersion: 9 } },
    ],
  ] as const) {
    it(`refuses ${what}, and says where without the values`, () => {
      expect(() => decode(stored(broken)))
        .to.throw(UndecodableEvent)
        .with.property('message')
        .that.contains(`ticket-${TICKET}@3`)
        .and.does.not.contain('vip');
    });
  }

  it('declares only fields that exist as personal or secret, and an upcaster for every version below the newest', () => {
    for (const definition of EVENTS.values()) {
      const fields = Object.keys(definition.data.shape);
      expect(fields, definition.type).to.include.members([...definition.personal, ...definition.secret]);
      const versions = Object.keys(definition.upcasters).map(Number);
      expect(versions, definition.type).to.deep.equal(
        Array.from({ length: definition.version - 1 }, (_, n) => n + 1),
      );
    }
  });
});
