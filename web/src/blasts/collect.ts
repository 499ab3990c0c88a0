/** Everybody who fits a filter, not only the first page (docs/design/figures.md#blasts). */
import { api, type Division, type Me, type Ticket, whole } from '../lib/api.ts';
import { seesAll } from '../follow-ups/queries.ts';
import type { Category } from '../follow-ups/words.ts';
import { without } from '../lib/collections.ts';
import { oneEach, type Picked } from './picked.ts';

export interface RecipientFilter {
  readonly division: Division | 'all';
  /** None: whether the last night recommended them or not. */
  readonly categories: readonly Category[];
  /** None: every stage. */
  readonly stages: readonly Ticket['crm_stage'][];
}

export interface Collected {
  readonly picked: readonly Picked[];
  /** Left out: they want no offers. */
  readonly optedOut: number;
  /** Left out: the same customer is there already, or never wrote. */
  readonly others: number;
  /** There are more than fit in one blast. */
  readonly isCut: boolean;
}

interface Page {
  readonly found: readonly (Picked & { readonly optedOut: boolean; readonly wrote: boolean })[];
  readonly next: string | undefined;
}
type Read = (cursor: string | undefined, signal: AbortSignal) => Promise<Page>;

const leadsOf =
  (category: Category, { stages }: RecipientFilter, division: Record<string, string>): Read =>
  async (cursor, signal) => {
    const query = { ...division, category, limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const { data, meta } = await whole(
      api.GET('/api/admin/followup/recommendations', { params: { query }, signal }),
    );
    const found = data.leads
      .filter(({ crm_stage }) => stages.length === 0 || stages.includes(crm_stage))
      .map((lead) => ({
        ticketId: lead.ticket_id,
        customerId: lead.customer_id,
        name: lead.customer_name,
        division: lead.division,
        category: lead.category,
        stage: lead.crm_stage,
        optedOut: lead.opted_out,
        wrote: true,
      }));
    return { found, next: meta?.next_cursor };
  };

const ticketsOf =
  ({ stages }: RecipientFilter, division: Record<string, string>): Read =>
  async (cursor, signal) => {
    const query = {
      ...division,
      limit: 200,
      ...(stages.length === 0 ? {} : { crm_stage: [...stages] }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { data, meta } = await whole(api.GET('/api/admin/inbox', { params: { query }, signal }));
    const found = data.tickets.map((ticket) => ({
      ...pickedOf(ticket),
      optedOut: ticket.opted_out,
      wrote: ticket.last_customer_message_at !== null,
    }));
    return { found, next: meta?.next_cursor };
  };

export const pickedOf = (ticket: Ticket): Picked => ({
  ticketId: ticket.id,
  customerId: ticket.customer_id,
  name: ticket.customer_name,
  division: ticket.division,
  category: null,
  stage: ticket.crm_stage,
});

/** Reads page after page until all are there, or as many as one blast may have. */
export async function collect(
  filter: RecipientFilter,
  me: Me,
  most: number,
  signal: AbortSignal,
  onProgress: (found: number) => void,
): Promise<Collected> {
  const division: Record<string, string> = seesAll(me) ? { division: filter.division } : {};
  const reads =
    filter.categories.length === 0
      ? [ticketsOf(filter, division)]
      : filter.categories.map((category) => leadsOf(category, filter, division));
  let picked: readonly Picked[] = [];
  let optedOut = 0;
  let others = 0;
  for (const read of reads) {
    if (picked.length > most) break;
    let cursor: string | undefined;
    do {
      const { found, next } = await read(cursor, signal);
      const wanted = found
        .filter((one) => !one.optedOut && one.wrote)
        .map((one) => without(one, 'optedOut', 'wrote'));
      const together = oneEach([...picked, ...wanted]);
      optedOut += found.filter((one) => one.optedOut).length;
      others +=
        picked.length +
        wanted.length -
        together.length +
        found.filter((one) => !one.optedOut && !one.wrote).length;
      picked = together;
      cursor = next;
      onProgress(picked.length);
    } while (cursor !== undefined && picked.length <= most);
  }
  return { picked: picked.slice(0, most), optedOut, others, isCut: picked.length > most };
}
