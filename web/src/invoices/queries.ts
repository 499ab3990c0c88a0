/** Invoices as the API tells of them (docs/design/api.md#invoices). */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ApiError, dataOf, type Division, hasCode, once, type Schemas, whole } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { toast } from '../ui/toast.tsx';
import type { InvoiceStatus, WholeInvoice } from './words.ts';

/** The filters in the address; the API refuses a word that is none. */
export interface InvoicesSearch {
  invoice_status?: InvoiceStatus;
  /** Of this job only. */
  invoice_job?: string;
  division?: Division;
}
interface OneInvoice {
  readonly invoice: WholeInvoice;
  readonly job: Schemas['JobSummary'] | null;
}

export const useInvoices = (query: {
  readonly status?: InvoiceStatus;
  readonly job_id?: string;
  readonly division?: Division;
}) =>
  useInfiniteQuery({
    queryKey: [...keys.invoices, 'list', query],
    queryFn: async ({ pageParam, signal }) => {
      const paged = { ...query, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const { data, meta } = await whole(
        api.GET('/api/admin/invoices', { params: { query: paged }, signal }),
      );
      return { invoices: data.invoices, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

const oneKey = (id: string) => [...keys.invoices, 'one', id] as const;

export const useInvoice = (id: string) =>
  useQuery({
    queryKey: oneKey(id),
    queryFn: ({ signal }): Promise<OneInvoice> =>
      dataOf(api.GET('/api/admin/invoices/{id}', { params: { path: { id } }, signal })),
  });

/** The path of an invoice, and a key for one intent. */
export const of = (id: string) => ({ params: { path: { id }, ...once() } });

/** Somebody else was there meanwhile (docs/design/dashboard.md#conflicts-are-news). */
const NEWS: ReadonlySet<string> = new Set(['INVOICE_CHANGED', 'INVOICE_STATE', 'OVERPAID']);

/** A step on an invoice: it is shown as it is afterwards; what was refused is said, and the invoice loaded again. */
export function useInvoiceStep<V>(
  id: string,
  run: (input: V) => Promise<{ readonly invoice: WholeInvoice }>,
  done: string,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: ({ invoice }) => {
      client.setQueryData<OneInvoice>(oneKey(id), (old) => old && { ...old, invoice });
      toast(done);
    },
    onError: (error) => {
      // What is about a field stands at the field.
      if (error instanceof ApiError && error.details.length > 0 && !hasCode(error, 'INVOICE_CHANGED')) return;
      toast(error.message, error instanceof ApiError && NEWS.has(error.code) ? 'news' : 'problem');
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.invoices }),
  });
}
