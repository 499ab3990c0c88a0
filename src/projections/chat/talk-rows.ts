/** A talk of the web chat, and how each event changes it. Pure. */
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { dispatch, type Handlers } from '../../engine/projections/view.ts';

/** Times are ISO 8601. */
export interface TalkRow {
  readonly division: Division;
  readonly ticketId: string;
  readonly openedAt: string;
  readonly escalatedAt: string | null;
  readonly claimedAt: string | null;
  readonly repliedAt: string | null;
  readonly closedAt: string | null;
  readonly rating: 'up' | 'down' | null;
  readonly ratedAt: string | null;
  readonly ratedAgent: string | null;
}

const claimed = (row: TalkRow, at: string): TalkRow =>
  row.escalatedAt === null || row.claimedAt !== null ? row : { ...row, claimedAt: at };
const replied = (row: TalkRow, at: string): TalkRow =>
  row.repliedAt === null ? { ...row, repliedAt: at } : row;

const CHANGES: Handlers<[row: TalkRow, at: string], TalkRow> = {
  HandoffRequested: (_event, row, at) => (row.escalatedAt === null ? { ...row, escalatedAt: at } : row),
  TicketAssigned: (_event, row, at) => claimed(row, at),
  TicketTakenOver: (_event, row, at) => claimed(row, at),
  AgentReplied: (_event, row, at) => replied(row, at),
  TeamReplied: (_event, row, at) => replied(row, at),
  TicketClosed: (_event, row, at) => ({ ...row, closedAt: at }),
  TicketReopened: (_event, row) => ({ ...row, closedAt: null }),
  TicketRated: ({ data: { rating, ratedAt, agentId } }, row) => ({
    ...row,
    rating,
    ratedAt: isoTime(ratedAt),
    ratedAgent: agentId,
  }),
};

/** @returns the row after the event; undefined: it is no talk of the web chat, or not opened yet */
export function evolveTalkRow(row: TalkRow | undefined, event: Recorded): TalkRow | undefined {
  const at = isoTime(event.metadata.at);
  if (event.type !== 'TicketOpened') return row && (dispatch(CHANGES, event, row, at) ?? row);
  const { division, ticketId, channel } = event.data;
  if (channel !== 'web') return undefined;
  return {
    ...{
      division,
      ticketId,
      openedAt: at,
      escalatedAt: null,
      claimedAt: null,
      repliedAt: null,
      closedAt: null,
    },
    ...{ rating: null, ratedAt: null, ratedAgent: null },
  };
}
