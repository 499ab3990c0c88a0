import { expect } from 'chai';
import {
  decideReply,
  input,
  type ReplyWish,
  requireReplyAllowed,
  requireUploaded,
  windowIsOpen,
} from '../../../src/commands/conversation/reply.ts';
import { input as teamInput } from '../../../src/commands/conversation/reply-as-sa.ts';
import { conversation, type Conversation } from '../../../src/domain/conversation/conversation.ts';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { UploadedFile } from '../../../src/domain/media/upload.ts';
import { replied, wrote } from '../../support/scenarios/conversation-events.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, budi, sena, uuidOf } from '../../support/scenarios/people.ts';
import { assigned, closed, opened, takenOver } from '../../support/scenarios/ticket-events.ts';

const given = specOf(conversation);
const after = (...events: TicketEvent[]) => fold(ticket, events);
const found = requireReplyAllowed(after(opened(), takenOver(ani)), ani);
const LAST_MOMENT = '2026-07-02T10:00:00.000Z';
const TOO_LATE = '2026-07-02T10:00:00.001Z';
const wish = (more: Partial<ReplyWish> = {}): ReplyWish => ({
  ...{ content: 'Baik', files: [], quote: null, clientRef: null, agentId: ani.id },
  messageIds: [uuidOf(7), uuidOf(8), uuidOf(9)],
  ...more,
});
const reply =
  (now: string, more: Partial<ReplyWish> = {}, channel: ExistingTicket['channel'] = 'whatsapp') =>
  (talk: Conversation) =>
    decideReply(talk, { ...found, channel }, wish(more), now);
const file = (kind: UploadedFile['kind'], n = 1): UploadedFile => ({
  ...{ kind, mediaId: uuidOf(100 + n), mimeType: 'x/y', size: 9, fileName: 'harga.pdf' },
});

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
      decideReply(talk, { ...found, channel }, wish({ content }), LAST_MOMENT);
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
  const contents = (events: readonly { readonly data: object }[]) =>
    events.map(({ data }) => {
      const { content, attachments } = data as {
        content: string;
        attachments?: { caption: string | null }[];
      };
      return [content, attachments?.map(({ caption }) => caption)];
    });
  it('sends each file as a message of its own, with the words beside the first where the channel can', () => {
    const files = [file('document'), file('image', 2)];
    const on = (channel: ExistingTicket['channel'], more: Partial<ReplyWish>) =>
      contents(reply(LAST_MOMENT, more, channel)(given(wrote()).state));
    expect(on('whatsapp', { files })).to.deep.equal([
      ['[Dokumen] harga.pdf, Baik', ['Baik']],
      ['[Gambar]', [null]],
    ]);
    expect(on('whatsapp', { files: [file('audio')] })).to.deep.equal([
      ['Baik', undefined],
      ['[Audio]', [null]],
    ]);
    expect(on('instagram', { files: [file('image')] })).to.deep.equal([
      ['Baik', undefined],
      ['[Gambar]', [null]],
    ]);
    expect(on('telegram', { files: [file('image')], content: 'x'.repeat(1025) })).to.have.length(2);
    expect(on('telegram', { files: [file('video')], content: null })).to.deep.equal([['[Video]', [null]]]);
  });
  it('quotes, and carries what the client calls it, with its first message', () => {
    const more = { files: [file('image')], content: 'x'.repeat(1025), clientRef: 'tab-1' };
    const [first, second] = reply(LAST_MOMENT, { ...more, quote: { messageId: uuidOf(5), ref: 'wamid.5' } })(
      given(wrote()).state,
    );
    expect(first?.data).to.include({ replyTo: uuidOf(5), quoteRef: 'wamid.5', clientRef: 'tab-1' });
    expect(second?.data).to.not.have.any.keys('replyTo', 'quoteRef', 'clientRef');
    const [unknown] = reply(LAST_MOMENT, { quote: { messageId: uuidOf(5), ref: null } })(
      given(wrote()).state,
    );
    expect(unknown?.data)
      .to.include({ replyTo: uuidOf(5) })
      .and.not.have.property('quoteRef');
  });
  it('knows only files that were uploaded to this ticket', () => {
    const uploads = { files: [file('image', 1), file('image', 2)] };
    expect(requireUploaded(uploads, [uuidOf(102), uuidOf(101)]).map(({ mediaId }) => mediaId)).to.deep.equal([
      uuidOf(102),
      uuidOf(101),
    ]);
    expect(refusalIn(() => requireUploaded(uploads, [uuidOf(103)])).code).to.equal('MEDIA_NOT_FOUND');
  });
  it('has words or files, no file twice', () => {
    expect(input.safeParse({}).error?.issues[0]?.message).to.equal('Tulis pesan atau lampirkan berkas');
    expect(input.safeParse({ media_ids: [uuidOf(1)] }).success).to.equal(true);
    expect(input.safeParse({ media_ids: [uuidOf(1), uuidOf(1)] }).success).to.equal(false);
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
