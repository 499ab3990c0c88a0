/** What a store that was restored has lost, by evidence and not by time (docs/design/reliability.md#the-right-store). */
import { sql } from 'kysely';
import { uuids as ids } from '../../src/adapters/clock.ts';
import { clampTimestamp } from '../../src/commands/inbound/clamp-timestamp.ts';
import { inboundItem } from '../../src/domain/inbound/inbound.ts';
import { newestThatHolds, readAnchors, type Anchor } from '../../src/engine/store-identity/anchors.ts';
import { assembled, statement } from '../../src/engine/sql/statement.ts';
import type { Columns } from '../../src/engine/sql/tables.ts';
import {
  type ErasureLedger,
  type EventStore,
  type Position,
  type Sql,
  START,
  type StoredEvent,
} from '../../src/ports.ts';

/** An item of the webhook inbox that led to something after the anchor, and how its event is known. */
interface Candidate {
  readonly seq: string;
  /** Id of the event, of the message in it, or of the request that made it. */
  readonly sign: string;
}

export interface Losses {
  /** The newest anchor that is still where it was; null: none is. */
  readonly anchor: Anchor | null;
  /** The newest one on record: the store was at least as far. */
  readonly newest: Anchor | null;
  /** Events of tickets that the audit log shows and the store does not have. */
  readonly events: number;
  readonly tickets: readonly string[];
  /** Webhook items whose event is gone, in the order they came. */
  readonly items: readonly string[];
  /** Blasts that go on sending as soon as somebody looks. */
  readonly running: ReadonlySet<string>;
  /** The last event that is there. */
  readonly last: StoredEvent | undefined;
  readonly head: Position;
}

/** More than there ever are: one a minute of a day, one an hour of many years. */
const MOST_ANCHORS = 500_000;
/** Items from before they kept their event: the clocks of the events and of the inbox differ by less. */
const SKEW_MS = 5 * 60_000;

type ItemRow = Columns<
  'ops.webhook_inbox',
  { key: 'key'; item: 'item'; receivedAt: 'received_at'; eventId: 'event_id' }
> & { readonly seq: string };

// An item of a customer who was erased would register that customer again.
const itemsAfter = (
  position: Position | null,
  since: Date,
  erased: Awaited<ReturnType<ErasureLedger['all']>>,
) =>
  assembled<ItemRow>(
    null,
    `select seq::text, key, item, received_at as "receivedAt", event_id as "eventId" from ops.webhook_inbox i
where state = 'done' and case when event_position is null then processed_at >= $2 else $1::text is null or event_position > $1 end
  and not exists (select from unnest($3::text[], $4::timestamptz[]) e (key, at) where e.key = i.ordering_key and i.received_at <= e.at)
order by seq`,
    [
      position,
      since,
      erased.map(({ orderingKey = null }) => orderingKey),
      erased.map(({ erasedAt = null }) => erasedAt),
    ],
  );

/** A message has an id of its own, also when it became an event together with others; else the request tells. */
function signOf({ key, item, receivedAt, eventId }: ItemRow): string {
  if (eventId !== null) return eventId;
  const inbound = inboundItem.safeParse(JSON.parse(item)).data;
  if (inbound?.kind !== 'message' && inbound?.kind !== 'bot_message') return ids.from('webhook', key);
  const { sentAt } = clampTimestamp(inbound, receivedAt.toISOString());
  return ids.fromAt(new Date(sentAt), 'message', key);
}

const auditedAfter = statement(
  null,
  (after: string) =>
    sql<
      Columns<'read.audit_log', { id: 'id'; ticketId: 'ticket_id' }>
    >`select id, ticket_id as "ticketId" from read.audit_log where position > ${after}`,
);

interface Wanted {
  readonly candidates: readonly Candidate[];
  readonly audited: readonly { readonly id: string; readonly ticketId: string }[];
}

/** Reads the whole store once, and crosses off what is there. */
async function look(store: Pick<EventStore, 'subscribe'>, head: Position, { candidates, audited }: Wanted) {
  const missing = new Set([...candidates.map(({ sign }) => sign), ...audited.map(({ id }) => id)]);
  const running = new Set<string>();
  let last: StoredEvent | undefined;
  if (head === START) return { missing, running, last };
  const ending = new AbortController();
  for await (const batch of store.subscribe({ after: START, signal: ending.signal })) {
    for (const event of batch.events) {
      last = event;
      const { blastId, messageId } = event.data as { blastId?: string; messageId?: string };
      const { requestId } = event.metadata as { requestId?: string };
      for (const sign of [event.id, requestId, messageId]) if (sign !== undefined) missing.delete(sign);
      if (blastId === undefined) continue;
      if (event.type === 'BlastApproved' || event.type === 'BlastResumed') running.add(blastId);
      if (['BlastPaused', 'BlastCancelled', 'BlastDone'].includes(event.type)) running.delete(blastId);
    }
    if (batch.checkpoint >= head) break;
  }
  ending.abort();
  return { missing, running, last };
}

/**
 * Reads the store as it is, compares it with what this database knows, and changes nothing.
 * @param store as the events are stored: no key is needed
 * @throws StoreUnavailable
 */
export async function lossesOf(
  store: EventStore,
  on: Sql,
  erased: Pick<ErasureLedger, 'all'>,
): Promise<Losses> {
  const anchors = await readAnchors(on, MOST_ANCHORS);
  const anchor = await newestThatHolds(store, anchors);
  const head = await store.head();
  const since = new Date(anchor === null ? 0 : Date.parse(anchor.at) - SKEW_MS);
  const rows = await on.query(itemsAfter(anchor?.position ?? null, since, await erased.all()));
  const candidates = rows.map((row) => ({ seq: row.seq, sign: signOf(row) }));
  const audited = await on.query(auditedAfter(anchor?.position ?? START));
  const { missing, running, last } = await look(store, head, { candidates, audited });
  const lost = audited.filter(({ id }) => missing.has(id));
  return {
    anchor,
    newest: anchors[0] ?? null,
    events: lost.length,
    tickets: [...new Set(lost.map(({ ticketId }) => ticketId))],
    items: candidates.filter(({ sign }) => missing.has(sign)).map(({ seq }) => seq),
    running,
    last,
    head,
  };
}
