import { expect } from 'chai';
import {
  type ConsideredTicket,
  planRecipients,
  type PlannedRecipient,
  previewText,
  requireSome,
} from '../../../src/commands/blasts/choose-recipients.ts';
import { input } from '../../../src/commands/blasts/create-blast.ts';
import { TEMPLATE } from '../../support/scenarios/blast-events.ts';
import { refusalIn } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const NOW = Date.parse('2026-07-03T10:00:00.000Z');
const RECENTLY = '2026-07-02T10:00:00.001Z';
const LONG_AGO = '2026-07-02T10:00:00.000Z';

const considered = (n: number, over: Partial<ConsideredTicket> = {}): ConsideredTicket => ({
  ticketId: uuidOf(n),
  customerId: uuidOf(1000 + n),
  division: 'sari',
  category: 'NONE',
  lastCustomerMessageAt: LONG_AGO,
  channel: 'whatsapp',
  optedOut: false,
  customerWroteAt: LONG_AGO,
  ...over,
});

describe('whom a blast would reach', () => {
  /** The form of each, or why they get nothing. */
  const planned = (tickets: readonly ConsideredTicket[], whatsappName: string | null = 'tanya_kabar') =>
    planRecipients(tickets, { whatsappName }, NOW).map(
      ({ form, reason }: PlannedRecipient) => form ?? reason,
    );

  it('is who wrote before, once, and wants offers', () => {
    const same = { customerId: uuidOf(1002) };
    expect(
      planned([
        considered(1, { lastCustomerMessageAt: null, customerWroteAt: null }),
        considered(2),
        considered(3, same),
        considered(4, { optedOut: true }),
      ]),
    ).to.deep.equal(['never_wrote', 'template', 'same_customer', 'opted_out']);
  });

  it('gets free text within 24 hours, on whichever ticket they wrote, else the template', () => {
    const recently = { customerWroteAt: RECENTLY };
    expect(planned([considered(1), considered(2, recently)])).to.deep.equal(['template', 'text']);
    expect(planned([considered(1), considered(2, recently)], null)).to.deep.equal(['window_closed', 'text']);
    expect(planned([considered(1, { channel: 'telegram' })], null)).to.deep.equal(['text']);
  });

  it('reads the message, or the words that Meta approved', () => {
    const text = (form: 'text' | 'template') =>
      previewText(form, { body: 'Halo {{name}}' }, '{{name}}, promo!', { name: 'Budi' });
    expect([text('text'), text('template')]).to.deep.equal(['Budi, promo!', 'Halo Budi']);
  });
});

describe('a filter for a blast', () => {
  const plan = (tickets: readonly ConsideredTicket[]) => planRecipients(tickets, { whatsappName: null }, NOW);

  it('takes those who can be written to', () => {
    const tickets = [
      considered(1, { channel: 'telegram' }),
      considered(2),
      considered(3, { optedOut: true }),
    ];
    expect(requireSome(tickets, plan(tickets), false)).to.deep.equal([tickets[0]]);
  });

  it('that chooses nobody, or too many, is refused', () => {
    const nobody = [considered(1)];
    const refused = refusalIn(() => requireSome(nobody, plan(nobody), false));
    expect([refused.code, refused.details?.[0]?.path]).to.deep.equal(['BLAST_RECIPIENTS_REFUSED', 'filter']);
    const many = Array.from({ length: 1001 }, (_, n) => considered(n, { channel: 'telegram' }));
    expect(refusalIn(() => requireSome(many, plan(many), false)).details?.[0]?.message).to.include('1.000');
    const enough = many.slice(1);
    expect(requireSome(enough, plan(enough), false)).to.have.length(1000);
    expect(refusalIn(() => requireSome(enough, plan(enough), true)).code).to.equal(
      'BLAST_RECIPIENTS_REFUSED',
    );
  });

  it('stands in the place of recipients, and takes tags however they are written', () => {
    const read = (over: object) => input.safeParse({ template_id: TEMPLATE, message: 'Halo', ...over });
    const filter = { division: 'sari' };
    expect(read({ filter }).success).to.equal(true);
    expect(read({}).success).to.equal(false);
    expect(read({ filter, recipients: [uuidOf(1)] }).success).to.equal(false);
    expect(read({ filter: { ...filter, crm_stage: ['Baru'] } }).success).to.equal(false);
    expect(read({ filter: { ...filter, tags: [' B2B '] } }).data?.filter?.tags).to.deep.equal(['b2b']);
  });
});
