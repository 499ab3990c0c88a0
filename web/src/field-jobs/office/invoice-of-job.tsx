/** The invoice of a completed visit, or a button that drafts it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, dataOf } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { useMay } from '../../lib/me.ts';
import { rupiah } from '../../lib/money.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Answer, Card } from '../../ui/parts.tsx';
import { on, useJobCommand } from './queries.ts';

export function InvoiceOfJob({ jobId }: { readonly jobId: string }) {
  const mayDraft = useMay('invoice_draft');
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: [...keys.invoices, 'of-job', jobId],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/invoices', { params: { query: { job_id: jobId } }, signal })))
        .invoices,
  });
  const draft = useJobCommand(
    () => dataOf(api.POST('/api/admin/jobs/{id}/invoice', { ...on(jobId), body: {} })),
    'Draf tagihan dibuat.',
    [keys.invoices],
  );
  return (
    <Card title="Tagihan">
      <Answer query={query} rows={1}>
        {(all) => {
          const standing = all.some(({ status }) => status !== 'void');
          return (
            <div className="flex flex-col items-start gap-2">
              {all.map((one) => (
                <Link
                  key={one.id}
                  to="/invoices/$invoiceId"
                  params={{ invoiceId: one.id }}
                  className={buttonClass()}
                >
                  {one.number ?? 'Draf tagihan'} · {rupiah(one.total)}
                </Link>
              ))}
              {!standing &&
                (mayDraft ? (
                  <Button
                    look="primary"
                    busy={draft.isPending}
                    onClick={() =>
                      draft.mutate(undefined, {
                        onSuccess: ({ invoice: { id: invoiceId } }) =>
                          navigate({ to: '/invoices/$invoiceId', params: { invoiceId } }),
                      })
                    }
                  >
                    Buat draf tagihan
                  </Button>
                ) : (
                  <p className="text-soft">Belum ada tagihan.</p>
                ))}
            </div>
          );
        }}
      </Answer>
    </Card>
  );
}
