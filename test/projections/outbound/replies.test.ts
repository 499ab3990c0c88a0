/** What a ticket rests on when a reply fails, without a database. */
import { expect } from 'chai';
import type { Recorded } from '../../../src/domain/codec.ts';
import { evolveTicket, type TicketRow } from '../../../src/projections/tickets/ticket-row.ts';
import { replied, wrote } from '../../support/scenarios/conversation-events.ts';
import { ani, budi, tono, uuidOf } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  opened,
  queued,
  reassigned,
  TICKET,
  takenOver,
} from '../../support/scenarios/ticket-events.ts';

const at = (minute: number): string => `2026-07-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const DUE = at(30);
type Told = { readonly type: string; readonly data: object };
const about = { ticketId: TICKET, division: 'sari' } as const;
const due = (event: Told): Told => ({ ...event, data: { ...event.data, replyBy: DUE } });
const reply = (n: number, minute: number, by = ani): Told => replied(by, uuidOf(n), at(minute));
const failed = (n: number): Told => ({
  type: 'DeliveryFailed',
  data: { ...about, messageId: uuidOf(n), code: '131026', reason: null },
});
const accepted = (n: number): Told => ({
  type: 'DeliveryAccepted',
  data: { ...about, messageId: uuidOf(n), channelMessageId: 'w' },
});
const report = (n: number, status: string): Told => ({
  type: 'DeliveryReported',
  data: { ...about, messageId: uuidOf(n), channelMessageId: 'w', status, error: null, reportedAt: at(50) },
});

function rowAfter(...events: readonly Told[]): TicketRow {
  let row: TicketRow | undefined;
  for (const event of events) {
    const actor = { kind: 'user', id: tono.id, role: tono.role, division: tono.division };
    row = evolveTicket(row, { ...event, metadata: { at: at(59), actor } } as unknown as Recorded);
  }
  if (!row) throw new Error('no ticket');
  return row;
}
const before = [opened(), wrote(at(0)), due(takenOver(ani))];
const shown = (...events: readonly Told[]) => {
  const { status, first_reply_at, response_due_at, waiting_since } = rowAfter(...before, ...events).card;
  return [status, first_reply_at, response_due_at, waiting_since];
};

describe('a reply on the row of its ticket', () => {
  it('counts from when it was written', () => {
    expect(shown(reply(1, 5))).to.deep.equal(['awaiting_response', at(5), null, null]);
    expect(shown(reply(1, 5), accepted(1))).to.deep.equal(['awaiting_response', at(5), null, null]);
  });
  it('that failed counts as none, whether the sender or a report says so', () => {
    for (const end of [[failed(1)], [accepted(1), report(1, 'failed')], [report(1, 'failed'), accepted(1)]])
      expect(shown(reply(1, 5), ...end)).to.deep.equal(['in_progress', null, DUE, at(0)]);
  });
  it('that arrived after all counts again', () =>
    expect(shown(reply(1, 5), failed(1), report(1, 'delivered'))).to.deep.equal([
      'awaiting_response',
      at(5),
      null,
      null,
    ]));
  it('gives way to a later one that arrived', () => {
    expect(shown(reply(1, 5), reply(2, 6), failed(1))).to.deep.equal([
      'awaiting_response',
      at(6),
      null,
      null,
    ]);
    expect(shown(reply(1, 5), reply(2, 6), failed(2))).to.deep.equal([
      'awaiting_response',
      at(5),
      null,
      null,
    ]);
    expect(shown(reply(1, 5), failed(1), reply(2, 6), accepted(2))).to.deep.equal([
      'awaiting_response',
      at(6),
      null,
      null,
    ]);
    expect(shown(reply(1, 5), reply(2, 6), failed(1), failed(2))).to.deep.equal([
      'in_progress',
      null,
      DUE,
      at(0),
    ]);
  });
  it('that failed late does not hide that the customer wrote since, nor what others said', () => {
    expect(shown(reply(1, 5), wrote(at(7)), failed(1))[0]).to.equal('in_progress');
    expect(shown(reply(1, 5), reassigned(ani, budi), reply(2, 8, budi), failed(1)).slice(0, 3)).to.deep.equal(
      ['awaiting_response', at(8), null],
    );
    expect(shown(reply(1, 5), queued('waiting_agent'), failed(1))).to.deep.equal(['new', null, null, at(0)]);
    expect(shown(reply(1, 5), closed(), failed(1))).to.deep.equal(['closed', null, null, null]);
  });
  it('is remembered as the first, however many follow', () => {
    const many = Array.from({ length: 20 }, (_, n) => reply(10 + n, 10 + n));
    expect(shown(reply(1, 5), ...many, failed(29))[1]).to.equal(at(5));
    expect(rowAfter(...before, reply(1, 5), ...many).kept.said).to.have.length(8);
    expect(shown(reply(1, 5), ...many, failed(1))[1]).to.equal(at(23));
  });
  it('of a message that nobody knows changes nothing', () => {
    const row = rowAfter(...before);
    const metadata = { at: at(59), actor: { kind: 'system', process: 'sender' } };
    expect(evolveTicket(row, { ...failed(9), metadata } as unknown as Recorded)).to.equal(row);
  });
});

describe('the note of an assignment', () => {
  const note = (...events: readonly Told[]) => rowAfter(opened(), wrote(at(0)), ...events).kept.note;

  it('is there for who gets the ticket, with who wrote it, until it changes hands', () => {
    const given = { text: 'tolong hari ini', by: tono.id, at: at(59) };
    expect(note(assigned(ani, 'bot', 'tolong hari ini'))).to.deep.equal(given);
    expect(note(takenOver(ani), reassigned(ani, budi, 'tolong hari ini'))).to.deep.equal(given);
    expect(note(assigned(ani, 'bot', 'x'), reassigned(ani, budi))).to.equal(null);
    expect(note(assigned(ani, 'bot', 'x'), queued('waiting_agent'))).to.equal(null);
    expect(note(assigned(ani, 'bot'))).to.equal(null);
  });
});
