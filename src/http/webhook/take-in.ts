/** Bodies that came in another way than by the webhook go the same way from here on (docs/design/channels.md#lines-that-are-watched). */
import type { Lines } from '../../channels/lines.ts';
import { keptForm, readBody } from '../../channels/webhook.ts';
import type { BlindIndex, Clock, WebhookInbox } from '../../ports.ts';
import { toInboxItem } from './inbox-item.ts';

/**
 * @returns stores bodies of a form whose bodies say their line themselves; what is known makes nothing. The function throws
 * StoreUnavailable.
 */
export const takeIn =
  ({
    inbox,
    lines,
    blindIndex,
    maxAgeDays,
    clock,
  }: {
    readonly inbox: Pick<WebhookInbox, 'store'>;
    readonly lines: Lines;
    readonly blindIndex: BlindIndex;
    /** `WEBHOOK_MAX_AGE_DAYS`. */
    readonly maxAgeDays: number;
    readonly clock: Clock;
  }) =>
  async (form: string, bodies: readonly string[]): Promise<void> => {
    const sender = keptForm(form, { divisions: null, line: null });
    const receivedAt = clock.now().toISOString();
    for (const body of bodies) {
      const read = readBody(sender.form.parse(body), [sender], { lines, receivedAt });
      const items = (read?.items ?? []).map((item) =>
        toInboxItem(item, { blindIndex, receivedAt, maxAgeDays }),
      );
      await inbox.store({ form, division: null, line: null, body, receivedAt, items });
    }
  };
