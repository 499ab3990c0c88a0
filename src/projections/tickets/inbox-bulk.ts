/** The inbox from all events at once: folded in memory with the code of the live view, then rows for COPY. */
import type { Recorded } from '../../domain/codec.ts';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import { copyPieces } from '../../engine/sql/copy-format.ts';
import { countedPrefixes } from './search.ts';
import { countChanges } from './ticket-counts.ts';
import { foldGrants } from './ticket-grants.ts';
import { queueStatusOf, tagKeysOf, TICKET_COLUMNS } from './ticket-columns.ts';
import { evolveTicket, isTicketBound, type TicketRow } from './ticket-row.ts';
import type { BulkFold, BulkRows } from '../../engine/projections/view.ts';

/** About 2 KiB each: half a gigabyte. */
const MOST_ROWS = 250_000;

/** The end of a UUID is its random part: any share of it is as good as another. */
const shareOf = (ticketId: string, shares: number): number => parseInt(ticketId.slice(-6), 16) % shares;

const termsOf = ({ search }: TicketRow): string[] => search.split(' ').filter((term) => term !== '');

/**
 * @param mostRows tickets held in memory at a time. When there are more, only a share of them is folded (half, a
 *   quarter, ...), and the events are wanted again for each other share
 */
export function inboxBulk(mostRows = MOST_ROWS): BulkFold {
  const rows = new Map<string, TicketRow>();
  const grants = foldGrants();
  const counts = countChanges();
  const prefixes = new Map<Division, Map<string, number>>(DIVISIONS.map((one) => [one, new Map()]));
  let shares = 1;
  let share = 0;
  let isFirst = true;
  let isLast = false;

  function halve(): void {
    shares *= 2;
    const isOurs = (id: string): boolean => shareOf(id, shares) === share;
    for (const id of rows.keys()) if (!isOurs(id)) rows.delete(id);
    grants.keep(isOurs);
  }

  function* assignedTo(userId: string): Generator<{ ticketId: string; division: Division }> {
    for (const [ticketId, row] of rows)
      if (row.assignedTo === userId) yield { ticketId, division: row.card.division };
  }

  function takeOne(event: Recorded): void {
    if (isTicketBound(event)) {
      const id = event.data.ticketId;
      if (shares > 1 && shareOf(id, shares) !== share) return;
      const known = rows.get(id);
      const next = evolveTicket(known, event);
      if (next && next !== known) rows.set(id, next);
      // Later passes must cut as the first did.
      if (isFirst && rows.size > mostRows) halve();
    }
    grants.see(event, assignedTo);
  }

  function countAll(): void {
    for (const row of rows.values()) {
      counts.moved(undefined, row);
      const known = prefixes.get(row.card.division);
      if (!known) continue;
      for (const prefix of countedPrefixes(termsOf(row))) known.set(prefix, (known.get(prefix) ?? 0) + 1);
    }
  }

  return {
    take: (events) => {
      for (const event of events) takeOne(event);
    },
    endOfPass: () => {
      isFirst = false;
      share += 1;
      isLast = share === shares;
      return !isLast;
    },
    *rows() {
      const byDivision = new Map<Division, TicketRow[]>(DIVISIONS.map((one) => [one, []]));
      for (const row of rows.values()) byDivision.get(row.card.division)?.push(row);
      // The one whose indexes take longest first: they are built while the others are written.
      for (const one of [ticketRows, tagRows, termRows])
        for (const [division, all] of byDivision) yield one(division, all);
      yield {
        table: 'ticket_directory',
        division: null,
        columns: ['ticket_id', 'division'],
        pieces: copyPieces(rows.values(), ({ card }) => [card.id, card.division]),
      };
      yield {
        table: 'ticket_grants',
        division: null,
        columns: ['user_id', 'ticket_id', 'division'],
        pieces: copyPieces(grants.all(), (one) => [one.userId, one.ticketId, one.division]),
      };
      countAll();
      rows.clear();
      grants.clear();
      if (!isLast) return;
      for (const [division, all] of prefixes) {
        yield {
          table: 'term_counts',
          division,
          columns: ['division', 'prefix', 'n'],
          pieces: copyPieces(all, ([prefix, n]) => [division, prefix, n]),
        };
      }
      for (const division of DIVISIONS) {
        yield {
          table: 'ticket_counts',
          division,
          columns: ['division', 'lens', 'status', 'queue_status', 'channel', 'crm_stage', 'n'],
          pieces: copyPieces(
            counts.all().filter((one) => one.division === division),
            (c) => [c.division, c.lens, c.status, c.queueStatus, c.channel, c.stage, c.delta],
          ),
        };
      }
    },
  };
}

const TAG_COLUMNS =
  'division, tag, last_activity_at, id, status, queue_status, channel, crm_stage, assigned_to';

const ticketRows = (division: Division, rows: readonly TicketRow[]): BulkRows => ({
  table: 'tickets',
  division,
  columns: TICKET_COLUMNS.map(({ name }) => name),
  pieces: copyPieces(rows, (row) => TICKET_COLUMNS.map(({ value }) => value(row))),
});

const tagRows = (division: Division, rows: readonly TicketRow[]): BulkRows => ({
  table: 'ticket_tags',
  division,
  columns: TAG_COLUMNS.split(', '),
  pieces: copyPieces(
    rows.flatMap((row) => tagKeysOf(row).map((tag) => ({ tag, row }))),
    ({ tag, row, row: { card, assignedTo, lastActivityAt } }) => [
      division,
      tag,
      lastActivityAt,
      card.id,
      card.status,
      queueStatusOf(row),
      card.channel,
      card.crm_stage,
      assignedTo,
    ],
  ),
});

const termRows = (division: Division, rows: readonly TicketRow[]): BulkRows => ({
  table: 'ticket_terms',
  division,
  columns: ['division', 'term', 'id'],
  pieces: copyPieces(
    rows.flatMap((row) => termsOf(row).map((term) => ({ term, id: row.card.id }))),
    ({ term, id }) => [division, term, id],
  ),
});
