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
};

describe('who a blast reaches at the moment of sending', () => {
  const planned = (who: Customer, by: TemplatesBy = 'name') => {
    const talk = { ...conversation.initial, lastCustomerMessageAt: new Date(NOW - 60_000).toISOString() };
    const load = (aggregate: unknown) => Promise.resolve(aggregate === customer ? who : talk);
    const address = {
      customerKey: 'sari_k',
      channel: 'whatsapp',
      division: 'sari',
      own: null,
      userId: '62812',
    } as const;
    return planFor(
      { load: load as unknown as CommandHandler['load'] },
      blast,
      TICKET,
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
    expect(await planned(known, 'none')).to.deep.equal({ kind: 'skip', reason: 'line_only_answers' });
  });

  it('nobody who wants no more', async () => {
    expect(await planned({ ...known, optedOut: true })).to.deep.equal({ kind: 'skip', reason: 'opted_out' });
  });
});
