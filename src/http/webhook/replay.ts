/** Reads kept bodies again, after a number was added to WA_PHONE_MAP or a normalizer learned a new form. */
import { type Division, division } from '../../domain/vocabulary.ts';
import type { BlindIndex, WebhookDelivery, WebhookInbox } from '../../ports.ts';
import type { Lines } from '../../channels/lines.ts';
import { keptForm, readBody, type Verified } from '../../channels/webhook.ts';
import { toInboxItem } from './inbox-item.ts';

/** Its signature was checked when it came; the form it was kept in says which secret it was, the division whose bot's. */
const senderOf = ({ form, division: named, line }: WebhookDelivery, shared: readonly Division[]): Verified =>
  keptForm(form, { divisions: named === null ? shared : [division.parse(named)], line });

const PAGE = 100;

export interface ReplayDeps {
  readonly inbox: Pick<WebhookInbox, 'store' | 'deadDeliveries' | 'revive'>;
  readonly lines: Lines;
  /** `WEBHOOK_MAX_AGE_DAYS`: at the time of the delivery, not of this run. */
  readonly maxAgeDays: number;
  readonly blindIndex: BlindIndex;
  /** The divisions whose bots share one secret now (`sharedDivisions`). */
  readonly shared: readonly Division[];
}

/** Which dead letters to read again. */
export interface ReplayOf {
  /** Only the deliveries of these. */
  readonly ids?: readonly string[] | undefined;
  /** Only what comes after `next` of the time before. */
  readonly after?: string | undefined;
  /** Most deliveries to read, in whole pages. */
  readonly most?: number;
}

export interface Replayed {
  readonly deliveries: number;
  /** That the ingester got. */
  readonly items: number;
  /** There may be more after this one; null: there are none. */
  readonly next: string | null;
}

/**
 * Tries every delivery that has dead letters again. What is understood now goes to the ingester, what is not stays
 * a dead letter. Safe to stop and to run again.
 * @throws StoreUnavailable
 */
export async function replayDeadLetters(
  deps: ReplayDeps,
  { ids, after: begin, most = Infinity }: ReplayOf = {},
): Promise<Replayed> {
  const { inbox, lines, maxAgeDays, blindIndex, shared } = deps;
  let deliveries = 0;
  let items = 0;
  let after: string | null = begin ?? null;
  for (;;) {
    const page: Awaited<ReturnType<typeof inbox.deadDeliveries>> = await inbox.deadDeliveries(
      PAGE,
      after,
      ids,
    );
    for (const { id, ...delivery } of page) {
      const { body, receivedAt } = delivery;
      const sender = senderOf(delivery, shared);
      const read = readBody(sender.form.parse(body), [sender], { lines, receivedAt });
      const kept = (read?.items ?? []).map((item) =>
        toInboxItem(item, { blindIndex, receivedAt, maxAgeDays }),
      );
      const still = kept.filter(({ state }) => state === 'dead');
      const understood = kept.filter(({ state }) => state !== 'dead');
      const pendingKeys = understood.filter(({ state }) => state === 'pending').map(({ key }) => key);
      // Stored first: a stop in between leaves the dead letter, and the next run finds the rest stored. One that is
      // dead for another reason now has another key, so it is stored as well.
      const { accepted } = await inbox.store({ ...delivery, items: understood });
      await inbox.store({ ...delivery, items: still });
      await inbox.revive(
        id,
        pendingKeys,
        still.map(({ key }) => key),
      );
      deliveries += 1;
      items += accepted;
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return { deliveries, items, next: null };
    if (deliveries >= most) return { deliveries, items, next: last.id };
    after = last.id;
  }
}
