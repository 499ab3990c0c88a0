import { expect } from 'chai';
import {
  decideSendFollowUp,
  input,
  requireFollowUpAllowed,
} from '../../../src/commands/follow-ups/send-follow-up.ts';
import { renderFollowUp, type WantedFollowUp } from '../../../src/commands/follow-ups/render-follow-up.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { wrote } from '../../support/scenarios/conversation-events.ts';
import { fold, refusalIn } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena, tono, uuidOf, vera } from '../../support/scenarios/people.ts';
import { closed, opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const talk = fold(conversation, [wrote()]);
const INSIDE = '2026-07-02T10:00:00.000Z';
const AFTER = '2026-07-02T10:00:00.001Z';
const template = {
  id: uuidOf(0xee),
  name: 'Sapa lagi',
  language: 'id',
  body: 'Halo {{name}}, jadi kirim ke {{destination_city}}?',
  whatsappName: 'sapa_lagi',
  state: 'approved',
  saidAt: null,
} as const;
const wanted: WantedFollowUp = {
  template,
  message: null,
  values: { name: 'Budi', destination_city: null },
  optedOut: false,
};
const RENDERED = 'Halo Budi, jadi kirim ke kota tujuan?';

function at(now: string, over: Partial<WantedFollowUp> = {}) {
  const found = requireFollowUpAllowed(fold(ticket, [opened()]), tono);
  const followUp = { messageId: uuidOf(0xdd), agentId: tono.id, wanted: { ...wanted, ...over } };
  return decideSendFollowUp(talk, found, followUp, now);
}
const refused = (now: string, over: Partial<WantedFollowUp>) => refusalIn(() => at(now, over)).code;

describe('a follow-up', () => {
  it('goes out as free text inside the 24 hours, with its variables filled', () => {
    expect(at(INSIDE, { message: 'Kak {{name}}, masih berminat?' })).to.deep.equal([
      {
        type: 'AgentReplied',
        data: {
          ticketId: TICKET,
          division: 'sari',
          messageId: uuidOf(0xdd),
          content: 'Kak Budi, masih berminat?',
          agentId: tono.id,
          sentAt: INSIDE,
          followUp: { templateId: template.id },
        },
      },
    ]);
    expect(at(INSIDE)[0]?.data).to.include({ content: RENDERED }).and.not.to.have.property('template');
  });

  it('goes out as the template after them, and the talk holds what the customer gets', () => {
    const form = {
      name: 'sapa_lagi',
      language: 'id',
      parameters: [
        { name: 'name', text: 'Budi' },
        { name: 'destination_city', text: 'kota tujuan' },
      ],
    };
    for (const message of [null, template.body, RENDERED, `  ${RENDERED.replace(', ', ',\n')} `])
      expect(at(AFTER, { message })[0]?.data).to.deep.include({ template: form, content: RENDERED });
  });

  it('is refused after them without a template that the channel knows', () => {
    expect(refused(AFTER, { template: null, message: 'Halo' })).to.equal('SERVICE_WINDOW_CLOSED');
    expect(refused(AFTER, { template: { ...template, whatsappName: null } })).to.equal(
      'SERVICE_WINDOW_CLOSED',
    );
  });

  it('is refused when typed words are not what the template says', () =>
    expect(refused(AFTER, { message: 'Halo Budi, ada diskon' })).to.equal('MESSAGE_NOT_SENT_AS_TEMPLATE'));

  it('is refused for who wants no offers, whatever the window', () => {
    for (const now of [INSIDE, AFTER])
      expect(refused(now, { optedOut: true })).to.equal('CUSTOMER_OPTED_OUT');
  });

  it('needs words or a template, and no unknown variable', () => {
    const accepts = (body: object) => input.safeParse(body).success;
    expect([{ message: 'Halo' }, { template_id: template.id }].map(accepts)).to.deep.equal([true, true]);
    for (const body of [{}, { message: '\u200b' }, { message: 'Halo {{nama}}' }])
      expect(accepts(body), JSON.stringify(body)).to.equal(false);
  });

  it('is for agents on tickets of their own, for leads on any, also on a closed one', () => {
    const allowed = (history: TicketEvent[], by: typeof ani): string => {
      try {
        requireFollowUpAllowed(fold(ticket, history), by);
        return 'ok';
      } catch (error) {
        return error instanceof Refusal ? error.code : String(error);
      }
    };
    const had = [opened(), takenOver(ani)];
    expect([ani, budi, sena, tono, rina, vera].map((by) => allowed(had, by))).to.deep.equal([
      'ok',
      'NOT_ASSIGNEE',
      'DIVISION_FORBIDDEN',
      'ok',
      'ok',
      'NOT_ASSIGNEE',
    ]);
    expect(allowed([], tono)).to.equal('TICKET_NOT_FOUND');
    expect(allowed([opened()], ani)).to.equal('NOT_ASSIGNEE');
    expect(allowed([...had, closed()], ani)).to.equal('ok');
    expect(allowed([...had, closed()], tono)).to.equal('ok');
  });
});

describe('the preview of a follow-up', () => {
  it('says what the customer will read, in which form, and what is not known', () => {
    expect(renderFollowUp(wanted, true)).to.deep.equal({
      text: RENDERED,
      form: null,
      missing: ['destination_city'],
      windowOpen: true,
      optedOut: false,
      refusal: null,
    });
    expect(renderFollowUp(wanted, false)).to.deep.include({ text: RENDERED, refusal: null });
    expect(renderFollowUp(wanted, false).form).to.include({ name: 'sapa_lagi' });
    expect(renderFollowUp({ ...wanted, message: 'Lain', optedOut: true }, false)).to.include({
      refusal: 'CUSTOMER_OPTED_OUT',
    });
  });
});
