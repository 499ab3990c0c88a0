import { expect } from 'chai';
import { input as template } from '../../../src/commands/blasts/define-template.ts';
import { contextOf } from '../../support/scenarios/commands.ts';
import { ani, rina, tono } from '../../support/scenarios/people.ts';
import { rejection } from '../../support/rejection.ts';
import { desk } from '../../support/scenarios/sending.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('a follow-up on its way to the customer', () => {
  let d: Awaited<ReturnType<typeof desk>>;
  before(async () => {
    d = await desk();
  });
  after(() => d.close());

  const define = (over: object) =>
    d.commands.defineTemplate(
      contextOf(rina),
      template.parse({ name: 'sapa', body: 'Halo {{name}}, jadi kirim dari {{origin_city}}?', ...over }),
    );
  const silent = () => d.talk({ sentAt: new Date(d.time.now.getTime() - 4 * DAY_MS).toISOString() });
  const message = 'Halo Pak Budi, jadi kirim dari Batam?';

  it('goes out as the approved template once the 24 hours are over, filled in for this customer, and once', async () => {
    d.running();
    const { id } = await define({ whatsapp_template_name: 'sapa_lagi' });
    const ticketId = await silent();
    await d.commands.updateCrm(contextOf(ani), ticketId, { origin_city: 'Batam' }, null);
    const sent = await d.commands.sendFollowUp(contextOf(ani), ticketId, { template_id: id });
    expect((await d.outcome(sent.message_id)).type).to.equal('DeliveryAccepted');
    const taken = d.meta.taken.filter(({ callbackData }) => callbackData === sent.message_id);
    expect(taken).to.have.length(1);
    expect(taken[0]).to.deep.include({ template: 'sapa_lagi', text: 'Budi Santoso\nBatam' });
  });

  it('goes out as it was written while they run', async () => {
    const ticketId = await d.talk();
    const sent = await d.commands.sendFollowUp(contextOf(tono), ticketId, { message });
    await d.outcome(sent.message_id);
    const taken = d.meta.taken.find(({ callbackData }) => callbackData === sent.message_id);
    expect(taken).to.include({ text: message }).and.not.to.have.property('template');
  });

  it('is refused with a template that is paused, or that WhatsApp does not know', async () => {
    const ticketId = await silent();
    const paused = await define({ name: 'lain', whatsapp_template_name: 'lain', state: 'paused' });
    const ours = await define({ name: 'sendiri' });
    for (const [template_id, code] of [
      [paused.id, 'TEMPLATE_NOT_USABLE'],
      [ours.id, 'SERVICE_WINDOW_CLOSED'],
    ] as const) {
      const refused = await rejection(d.commands.sendFollowUp(contextOf(ani), ticketId, { template_id }));
      expect(refused).to.have.property('code', code);
    }
  });
});
