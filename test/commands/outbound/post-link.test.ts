import { expect } from 'chai';
import { decidePostLink, type LinkMessage } from '../../../src/commands/outbound/post-link.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import { requireVisible } from '../../../src/commands/tickets/ticket-access.ts';
import { wrote, wroteBy } from '../../support/scenarios/conversation-events.ts';
import { fold, refusalIn } from '../../support/scenarios/given.ts';
import { dian, uuidOf } from '../../support/scenarios/people.ts';
import { opened } from '../../support/scenarios/ticket-events.ts';

const INSIDE = '2026-07-02T10:00:00.000Z';
const AFTER = '2026-07-02T10:00:00.001Z';
const SID = `HX${'0'.repeat(32)}`;
const message: LinkMessage = {
  messageId: uuidOf(0xdd),
  senderId: dian.id,
  text: 'Lihat di sini: https://saga.example/i/x',
  template: 'tautan_tagihan',
  parameters: [{ name: 'link', text: 'https://saga.example/i/x' }],
};
const found = requireVisible(fold(ticket, [opened()]), dian);
const talk = fold(conversation, [wrote()]);
const post = (now: string, over: Partial<LinkMessage> = {}, on = talk) =>
  decidePostLink(on, found, { ...message, ...over }, now);
const refused = (over: Partial<LinkMessage>, on = talk) => refusalIn(() => post(AFTER, over, on)).code;

describe('a link to a customer', () => {
  it('is a free text inside the 24 hours, and once', () => {
    const [event] = post(INSIDE);
    expect(event?.data)
      .to.include({ content: message.text, agentId: dian.id })
      .and.not.to.have.property('template');
    expect(event?.data).to.deep.include({ followUp: { templateId: null } });
    expect(post(INSIDE, {}, fold(conversation, [wrote(), ...post(INSIDE)]))).to.deep.equal([]);
  });
  it('is the template afterwards, filled with its values', () =>
    expect(post(AFTER)[0]?.data).to.deep.include({
      template: { name: 'tautan_tagihan', language: 'id', parameters: message.parameters },
    }));
  it('is refused afterwards without a template that the line takes', () => {
    expect(refused({ template: null })).to.equal('SERVICE_WINDOW_CLOSED');
    expect(refused({ template: SID })).to.equal('SERVICE_WINDOW_CLOSED');
    const bySid = fold(conversation, [wroteBy('content_sid')]);
    expect(refused({}, bySid)).to.equal('SERVICE_WINDOW_CLOSED');
    expect(post(AFTER, { template: SID }, bySid)[0]?.data).to.have.nested.property(
      'template.contentSid',
      SID,
    );
    expect(refused({}, fold(conversation, [wroteBy('none')]))).to.equal('LINE_ONLY_ANSWERS');
  });
});
