import { expect } from 'chai';
import {
  decideReply,
  input,
  requireReplyAllowed,
  windowIsOpen,
} from '../../../src/commands/conversation/reply.ts';
import { input as teamInput } from '../../../src/commands/conversation/reply-as-sa.ts';
import { conversation, type Conversation } from '../../../src/domain/conversation/conversation.ts';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { replied, wrote } from '../../support/scenarios/conversation-events.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, budi, sena, uuidOf } from '../../support/scenarios/people.ts';
import { assigned, closed, opened, takenOver } from '../../support/scenarios/ticket-events.ts';

const given = specOf(conversation);
const after = (...events: TicketEvent[]) => fold(ticket, events);
const found = requireReplyAllowed(after(opened(), takenOver(ani)), ani);
const LAST_MOMENT = '2026-07-02T10:00:00.000Z';
const TOO_LATE = '2026-07-02T10:00:00.001Z';
const reply = (now: string) => (talk: Conversation) =>
  decideReply(talk, found, { messageId: uuidOf(7), content: 'Baik', agentId: ani.id }, now);

describe('reply', () => {
  it('is said at once, for the sender to deliver', () =>
    given(wrote())
      .when(reply(LAST_MOMENT))
      .then(replied(ani, uuidOf(7), LAST_MOMENT)));
  it('is refused 24 hours after the last message of the customer, and where they never wrote', () => {
    given(wrote()).when(reply(TOO_LATE)).thenRefused('SERVICE_WINDOW_CLOSED');
    given().when(reply(LAST_MOMENT)).thenRefused('SERVICE_WINDOW_CLOSED');
  });
  it('counts from the newest message of the customer, whatever order they came in', () =>
    given(wrote('2026-07-02T09:00:00.000Z'), wrote())
      .when(reply('2026-07-03T09:00:00.000Z'))
      .then(replied(ani, uuidOf(7), '2026-07-03T09:00:00.000Z')));
  it('is not reopened by what the customer did not write', () => {
    for (const kind of ['system', 'deleted'])
      given(wrote(), wrote('2026-07-02T10:00:00.000Z', kind))
        .when(reply(TOO_LATE))
        .thenRefused('SERVICE_WINDOW_CLOSED');
  });
  it('is no longer than its channel takes, and the refusal says how long it may be', () => {
    const say = (channel: ExistingTicket['channel'], content: string) => (talk: Conversation) =>
      decideReply(
        talk,
        { ...found, channel },
        { messageId: uuidOf(7), content, agentId: ani.id },
        LAST_MOMENT,
      );
    const cases = [
      ['whatsapp', '😀'.repeat(4096), '4.096 karakter'],
      ['telegram', 'é'.repeat(4096), '4.096 karakter'],
      ['instagram', 'é'.repeat(500), '1.000 byte (satu emoji 4 byte)'],
      ['facebook', 'é'.repeat(2000), '2.000 karakter'],
      ['web', 'é'.repeat(4096), '4.096 karakter'],
    ] as const;
    for (const [channel, longest, most] of cases) {
      expect(say(channel, longest)(given(wrote()).state), channel).to.have.length(1);
      given(wrote())
        .when(say(channel, `${longest}x`))
        .thenRefused('MESSAGE_TOO_LONG', {
          path: 'message',
          message: `Paling banyak ${most} di kanal ini`,
        });
    }
  });
  it('has a time limit on WhatsApp only', () => {
    const on = (channel: ExistingTicket['channel']) =>
      windowIsOpen({ ...found, channel }, conversation.initial, TOO_LATE);
    expect((['whatsapp', 'telegram', 'instagram', 'facebook', 'web'] as const).map(on)).to.deep.equal([
      false,
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('who may reply', () => {
  const refusal = (caller: typeof ani, ...events: TicketEvent[]) =>
    refusalIn(() => requireReplyAllowed(after(...events), caller)).code;

  it('is the agent who has the ticket, of whatever division', () => {
    expect(found.id).to.equal(requireReplyAllowed(after(opened(), assigned(sena, 'bot')), sena).id);
  });
  it('is nobody else', () => {
    expect(refusal(budi, opened(), takenOver(ani))).to.equal('NOT_ASSIGNEE');
    expect(refusal(ani, opened())).to.equal('NOT_ASSIGNEE');
    expect(refusal(sena, opened(), takenOver(ani))).to.equal('DIVISION_FORBIDDEN');
    expect(refusal(ani)).to.equal('TICKET_NOT_FOUND');
  });
  it('is nobody where nothing shows the customer an answer', () => {
    const onWeb = opened();
    if (onWeb.type !== 'TicketOpened') throw new Error('not opened');
    const web: TicketEvent = { ...onWeb, data: { ...onWeb.data, channel: 'web' } };
    expect(refusal(ani, web, takenOver(ani))).to.equal('CHANNEL_UNREADABLE');
  });
  it('is nobody on a closed ticket', () =>
    expect(refusal(ani, opened(), takenOver(ani), closed())).to.equal('TICKET_CLOSED'));
});

describe('the words of a message', () => {
  it('show something to a person', () => {
    const accepts = (message: string) => input.safeParse({ message }).success;
    for (const good of ['Baik', ' . ', '🙏', '\u200bya', '١']) expect(accepts(good), good).to.equal(true);
    for (const empty of ['', '  ', '\u200b\u200b', '\u2060 \ufeff', '\u3164', '\u2800\n', '\u00ad', '\ufe0f'])
      expect(accepts(empty), JSON.stringify(empty)).to.equal(false);
  });
  it('of the team come under its one name', () => {
    expect(teamInput.parse({ message: 'Baik' })).to.include({ display_name: 'Saga Team' });
    expect(teamInput.safeParse({ message: 'Baik', display_name: 'Budi' }).success).to.equal(false);
  });
});
