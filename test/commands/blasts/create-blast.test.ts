import { expect } from 'chai';
import {
  type RecipientCandidate,
  decideCreateBlast,
  input,
  requireRecipients,
} from '../../../src/commands/blasts/create-blast.ts';
import { blast } from '../../../src/domain/blasts/blast.ts';
import { BLAST, blastFacts, created, TEMPLATE } from '../../support/scenarios/blast-events.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(blast);

const candidate = (n: number, over: Partial<RecipientCandidate> = {}): RecipientCandidate => ({
  ticketId: uuidOf(n),
  customerId: uuidOf(1000 + n),
  division: 'sari',
  category: 'HANGAT',
  lastCustomerMessageAt: '2026-07-01T10:00:00.000Z',
  ...over,
});

describe('create a blast', () => {
  it('is on record with the hash of its content, once', () =>
    given()
      .when((state) => decideCreateBlast(state, blastFacts))
      .thenOnce(created()));
});

describe('the recipients of a blast', () => {
  it('are kept in their order, without what was looked up about them', () =>
    expect(requireRecipients([candidate(2), candidate(1, { category: 'NONE' })])).to.deep.equal([
      { ticketId: uuidOf(2), customerId: uuidOf(1002), division: 'sari', category: 'HANGAT' },
      { ticketId: uuidOf(1), customerId: uuidOf(1001), division: 'sari', category: 'NONE' },
    ]));
  it('have all written before, and each customer is among them once: else every wrong one is named', () => {
    const same = { customerId: uuidOf(1002) };
    const refusal = refusalIn(() =>
      requireRecipients([
        candidate(1, { lastCustomerMessageAt: null }),
        candidate(2),
        candidate(3, same),
        candidate(4, same),
      ]),
    );
    expect(refusal.code).to.equal('BLAST_RECIPIENTS_REFUSED');
    expect(refusal.details).to.deep.equal([
      { path: 'recipients.0', message: 'Pelanggan belum pernah menulis' },
      { path: 'recipients.2', message: 'Pelanggan yang sama dengan recipients.1' },
      { path: 'recipients.3', message: 'Pelanggan yang sama dengan recipients.1' },
    ]);
  });
  it('that are wrong are named up to 20', () => {
    const silent = Array.from({ length: 51 }, (_, n) => candidate(n, { lastCustomerMessageAt: null }));
    expect(refusalIn(() => requireRecipients(silent)).details).to.have.length(20);
  });
});

describe('the input of a blast', () => {
  const body = { recipients: [uuidOf(1)], template_id: TEMPLATE, message: 'Halo {{name}}' };
  const accepts = (over: object) => input.safeParse({ ...body, ...over }).success;

  it('has 1 to 1,000 tickets, each once, and variables that are ours', () => {
    expect(accepts({})).to.equal(true);
    expect(accepts({ recipients: [] })).to.equal(false);
    expect(accepts({ recipients: [uuidOf(1), uuidOf(1)] })).to.equal(false);
    expect(accepts({ recipients: Array.from({ length: 1000 }, (_, n) => uuidOf(n)) })).to.equal(true);
    expect(accepts({ recipients: Array.from({ length: 1001 }, (_, n) => uuidOf(n)) })).to.equal(false);
    expect(accepts({ message: 'Halo {{phone}}' })).to.equal(false);
    expect(accepts({ message: 'x'.repeat(4096) })).to.equal(true);
    expect(accepts({ message: 'x'.repeat(4097) })).to.equal(false);
    expect(accepts({ blast_id: BLAST })).to.equal(false);
  });
});
