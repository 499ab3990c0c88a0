import { decideMarkOverdue } from '../../../src/commands/invoices/mark-overdue.ts';
import { invoice, type Invoice } from '../../../src/domain/invoices/invoice.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  CONTENT,
  drafted,
  paid,
  REF,
  settled,
  UNPAID,
  voided,
} from '../../support/scenarios/field-service/invoice-events.ts';
import { dian } from '../../support/scenarios/people.ts';

const given = specOf(invoice);
const on = (today: string) => (state: Invoice) => decideMarkOverdue(state, today, [dian.id]);

describe('an overdue invoice', () => {
  it('is found once, from the day after its last day', () => {
    given(...UNPAID)
      .when(on('2026-07-17'))
      .then();
    given(...UNPAID)
      .when(on('2026-07-18'))
      .thenOnce({
        type: 'InvoiceOverdueFound',
        data: { ...REF, dueOn: '2026-07-17', recipients: [dian.id] },
      });
  });
  it('is none that is a draft, paid or void', () => {
    for (const history of [[], [drafted()], [...UNPAID, paid(CONTENT.total), settled], [...UNPAID, voided]])
      given(...history)
        .when(on('2030-01-01'))
        .then();
  });
});
