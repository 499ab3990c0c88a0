import { expect } from 'chai';
import { contentHash, type ExistingBlast } from '../../../src/domain/blasts/blast.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import type { TemplatesBy } from '../../../src/domain/vocabulary.ts';
import { customer, type Customer, type KnownCustomer } from '../../../src/domain/customers/customer.ts';
import { planFor } from '../../../src/jobs/blasts/preflight.ts';
import type { CommandHandler } from '../../../src/engine/commands/command-handler.ts';
import { uuid } from '../../projections/desk.ts';

const NOW = Date.parse('2026-07-03T03:30:00Z');
const [BLAST, TICKET, CHOSEN, SOMEBODY] = [uuid(1), uuid(2), uuid(3), uuid(4)];

const facts = {
  blastId: BLAST,
  creatorId: uuid(5),
  creatorRole: 'sales_agent',
  message: 'Halo',
  template: { id: uuid(6), name: 'sapa', language: 'id', body: 'Halo', whatsappName: null },
  recipients: [{ ticketId: TICKET, customerId: CHOSEN, division: 'sari', category: 'NONE' }],
  approvers: [],
} as const satisfies Omit<ExistingBlast['facts'], 'hash'>;
const hash = contentHash({ ...facts, recipients: [...facts.recipients] });
const blast: ExistingBlast = {
  status: 'approved',
  facts: { ...facts, recipients: [...facts.recipients], approvers: [], hash },
  approved: hash,
  pausedBy: null,
  recipients: new Map([[TICKET, { status: 'planned' }]]),
};
const known: KnownCustomer = {
  status: 'known',
  id: CHOSEN,
  key: 'sari_k',
  division: 'sari',
  channel: 'whatsapp',
  channelUserId: 'wa_62812',
  phone: '+62812',
  name: 'Budi',
  nameIsOurs: false,
  email: null,
  address: null,
  notes: null,
  contactSaidAt: null,
  currentTicketId: TICKET,
  resumed: null,
  previousTicketId: null,
  ticketIds: [TICKET],
  optedOut: false,
  absorbed: [],
  archived: false,
  letsModelRead: false,
  registration: { open: null, last: null },
};

describe('who a blast reaches at the moment of sending', () => {
  const planned = (who: Customer, of = blast, ticketId = TICKET, by: TemplatesBy = 'name') => {
    const talk = { ...conversation.initial, lastCustomerMessageAt: new Date(NOW - 60_000).toISOString() };
    const load = (aggregate: unknown) => Promise.resolve(aggregate === customer ? who : talk);
    const address = {
      customerKey: 'sari_k',
      channel: 'whatsapp',
      division: 'sari',
      own: null,
      userId: '62812',
      wroteAt: null,
    } as const;
    return planFor(
      { load: load as unknown as CommandHandler['load'] },
      of,
      ticketId,
      { status: 'planned' },
      address,
      by,
      NOW,
    );
  };

  it('the customer who was chosen, not whoever they came back as after an erasure', async () => {
    expect(await planned(known)).to.deep.equal({ kind: 'send', form: 'text', answersTo: TICKET });
    const skipped = { kind: 'skip', reason: 'no_recipient' };
    expect(await planned({ ...known, id: SOMEBODY })).to.deep.equal(skipped);
    expect(await planned(customer.initial)).to.deep.equal(skipped);
  });

  it('nobody on a line that only answers, however lately they wrote', async () => {
    expect(await planned(known, blast, TICKET, 'none')).to.deep.equal({
      kind: 'skip',
      reason: 'line_only_answers',
    });
  });

  it('a person once, although two of the recipients turned out to be one', async () => {
    const SECOND = uuid(7);
    const recipients = [
      ...facts.recipients,
      { ticketId: SECOND, customerId: SOMEBODY, division: 'sari' as const, category: 'NONE' as const },
    ];
    const merged = { ...known, absorbed: [{ customerId: SOMEBODY, customerKey: 'sari_s' }] };
    const having = (first: 'planned' | 'skipped', second: 'planned' | 'accepted' = 'planned') =>
      ({
        ...blast,
        facts: { ...blast.facts, recipients },
        recipients: new Map<string, unknown>([
          [TICKET, { status: first }],
          [SECOND, { status: second }],
        ]),
      }) as unknown as ExistingBlast;
    const skipped = { kind: 'skip', reason: 'same_customer' };
    const sends = { kind: 'send', form: 'text', answersTo: TICKET };
    // The first of them gets it, unless it was skipped, or the second had it before they were merged.
    expect(await planned(merged, having('planned'), TICKET)).to.deep.equal(sends);
    expect(await planned(merged, having('planned'), SECOND)).to.deep.equal(skipped);
    expect(await planned(merged, having('skipped'), SECOND)).to.deep.equal(sends);
    expect(await planned(merged, having('planned', 'accepted'), TICKET)).to.deep.equal(skipped);
    // Two who are two get one each.
    expect(await planned({ ...known, id: SOMEBODY }, having('planned'), SECOND)).to.deep.equal(sends);
  });

  it('nobody who wants no more', async () => {
    expect(await planned({ ...known, optedOut: true })).to.deep.equal({ kind: 'skip', reason: 'opted_out' });
  });
});
