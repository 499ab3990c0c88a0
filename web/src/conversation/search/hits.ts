/** What a search found, as it is shown. */
import type { Schemas } from '../../lib/api.ts';

export type Hit = Schemas['SearchHit'];

interface Group {
  readonly ticketId: string;
  readonly name: string;
  readonly hits: readonly Hit[];
}

/** By ticket, in the order of the newest hit of each. */
export function grouped(hits: readonly Hit[]): readonly Group[] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) groups.set(hit.ticket_id, [...(groups.get(hit.ticket_id) ?? []), hit]);
  return [...groups].map(([ticketId, of]) => ({
    ticketId,
    name: of.find(({ customer_name: name }) => name !== null)?.customer_name ?? 'Tanpa nama',
    hits: of,
  }));
}

/** A text in pieces; every second one is a word that was looked for. */
export function pieces({ text, matches }: Hit['snippet']): readonly string[] {
  const found: string[] = [];
  let from = 0;
  for (const [start = 0, end = 0] of matches) {
    found.push(text.slice(from, start), text.slice(start, end));
    from = end;
  }
  return [...found, text.slice(from)];
}
