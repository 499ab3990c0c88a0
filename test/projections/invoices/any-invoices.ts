/** What can happen to invoices and ratings, for the history of everything (`any-history.ts`). */
import type { Division } from '../../../src/domain/vocabulary.ts';
import { uuid } from '../analytics/history.ts';
import { type Line, line } from '../any-staff.ts';
import type { chancesOf } from '../chance.ts';

/** @returns what is told on which stream, in order */
export function invoiceStories(
  customers: readonly { readonly customerId: string; readonly division: Division }[],
  users: readonly string[],
  { upTo, pick, chance, times }: ReturnType<typeof chancesOf>,
): readonly (readonly [stream: string, lines: readonly Line[]])[] {
  return customers
    .flatMap(({ customerId, division }, n): [string, Line[]][] => {
      const [invoiceId, jobId] = [uuid(12, n), uuid(13, n)];
      const ref = { invoiceId, jobId, division, customerId };
      const by = { by: pick(users), draftedBy: pick(users) };
      const some = (): Line[] =>
        times(6, () =>
          pick([
            line('InvoiceRevised', { ...ref, ...by, revision: 2 + upTo(9) }),
            line('InvoiceRevised', { ...ref, ...by, billTo: null }),
            line('InvoiceSubmitted', { ...ref, ...by, approvers: users.slice(0, 2) }),
            line('InvoiceApproved', { ...ref, ...by }),
            line('InvoiceRejected', { ...ref, ...by, proposal: pick([null, upTo(1_000)]) }),
            line('InvoiceIssueStarted', { ...ref, ...by }),
            line('InvoiceSent', { ...ref, ...by }),
            line('PaymentRecorded', { ...ref, ...by, amount: upTo(1_000), proof: pick([null, 'BP']) }),
            line('TaxNumberRecorded', { ...ref, ...by }),
          ]),
        );
      const about = { jobId, division, customerId };
      const technicianId = pick(users);
      const posted = (isReminder: boolean): Line =>
        line('RatingLinkPosted', {
          ...about,
          isReminder,
          ...pick([{}, { linkMessageId: null, because: 'opted_out' }]),
        });
      return [
        [
          `invoice-${invoiceId}`,
          [
            line('InvoiceDrafted', { ...ref, ...by }),
            ...some(),
            line('InvoiceIssued', ref),
            ...some(),
            pick([line('InvoicePaid', ref), line('InvoiceVoided', { ...ref, ...by })]),
            ...(chance(0.5) ? [line('InvoiceOverdueFound', { ...ref, recipients: [pick(users)] })] : []),
          ],
        ],
        [`invoicenumbers-${division}-2026`, [line('InvoiceNumberTaken', { division, invoiceId, n: n + 1 })]],
        [
          `rating-${jobId}`,
          [
            line('RatingRequested', { ...about, technicianId }),
            posted(false),
            ...(chance(0.5) ? [posted(true)] : []),
            ...(chance(0.7)
              ? [
                  ...(chance(0.3) ? [line('JobRated', { ...about, technicianId, byTechnician: true })] : []),
                  line('JobRated', {
                    ...{ ...about, technicianId, byTechnician: false },
                    comment: pick([null, ' ', 'Rapi']),
                  }),
                ]
              : []),
          ],
        ],
      ];
    })
    .concat([
      [
        `invoice-${uuid(12, 99)}`,
        (
          [
            'InvoiceDrafted',
            'InvoiceRevised',
            'InvoiceSubmitted',
            'InvoiceApproved',
            'InvoiceRejected',
            'InvoiceIssueStarted',
            'InvoiceIssued',
            'InvoiceSent',
            'PaymentRecorded',
            'InvoicePaid',
            'InvoiceVoided',
            'TaxNumberRecorded',
            'InvoiceOverdueFound',
          ] as const
        ).map((type) => line(type, { invoiceId: uuid(12, 99) })),
      ],
      [
        `rating-${uuid(13, 99)}`,
        (['RatingRequested', 'RatingLinkPosted', 'JobRated'] as const).map((type) =>
          line(type, { jobId: uuid(13, 99) }),
        ),
      ],
    ]);
}
