/** What the live stream sends of invoices: as the list shows them, to those who read invoices of that division. */
import type { Recorded } from '../../domain/codec.ts';
import type { InvoiceEvent } from '../../domain/invoices/invoice.ts';
import { invoiceEvents } from '../../domain/invoices/invoice.ts';
import { NOBODY, type Position, type ReadStore } from '../../ports.ts';
import { invoicesByIds } from '../invoices/invoices.ts';
import type { Rendered } from './rendered.ts';

const TYPES: ReadonlySet<string> = new Set(invoiceEvents.map(({ type }) => type));
const isOfInvoice = (event: Recorded): event is Extract<Recorded, InvoiceEvent> => TYPES.has(event.type);

/** Each invoice that something happened to, as it is now. @throws StoreUnavailable */
export async function liveInvoices(
  { read }: { readonly read: ReadStore },
  events: readonly Recorded[],
): Promise<Rendered[]> {
  const touched = new Map<string, Position>(
    events.filter(isOfInvoice).map(({ data, position }) => [data.invoiceId, position]),
  );
  if (touched.size === 0) return [];
  const found = await invoicesByIds(read, { kind: 'all', userId: NOBODY }, [...touched.keys()]);
  return found.map((invoice): Rendered => ({
    position: touched.get(invoice.id) ?? '',
    event: 'invoice',
    audience: { kind: 'invoice', division: invoice.division },
    data: JSON.stringify(invoice),
    of: `invoice ${invoice.id}`,
  }));
}
