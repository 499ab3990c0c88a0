/**
 * Meta's messaging limit: so many unique customers outside the window per moving 24 h, of the whole portfolio, so of
 * all divisions together (docs/design/whatsapp.md#limits).
 */
const DAY_MS = 24 * 3_600_000;

export interface MessagingLimit {
  /** Counts this customer. @returns null; when the limit is reached, the time of the next free place (milliseconds since the epoch) */
  take(customerId: string, now: number): number | null;
  /** The channel did not take the message: the customer does not count. */
  release(customerId: string): void;
}

/** @param already the customers who had one in the last 24 h, with the time */
export function createMessagingLimit(
  limit: number,
  already: readonly { readonly customerId: string; readonly at: number }[],
): MessagingLimit {
  const last = new Map(already.map(({ customerId, at }) => [customerId, at]));
  return {
    take(customerId, now) {
      for (const [id, at] of last) if (at <= now - DAY_MS) last.delete(id);
      if (!last.has(customerId) && last.size >= limit) return Math.min(...last.values()) + DAY_MS;
      last.set(customerId, now);
      return null;
    },
    release: (customerId) => {
      last.delete(customerId);
    },
  };
}
