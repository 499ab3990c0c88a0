/**
 * What an erasure does to read tables: each view's rows become what a rebuild makes of them now that the customer's key
 * is destroyed, in the view's own transaction and at the event's place in the order. `verify` finds no difference.
 */
import type { Recorded } from '../../domain/codec.ts';
import type { CustomerErased } from '../../domain/customers/customer.ts';
import type { EventOf } from '../../domain/event.ts';
import type { Sql } from '../../ports.ts';
import type { View } from '../../engine/projections/view.ts';

export type Erased = EventOf<typeof CustomerErased>['data'];

const isErased = (event: Recorded): event is Extract<Recorded, { type: 'CustomerErased' }> =>
  event.type === 'CustomerErased';

/**
 * @param wipe changes rows that are there, in the view's own tables; what comes after it in the batch sees them so
 * @returns the view, which now also follows erasures
 */
export function withErasure(view: View, wipe: (sql: Sql, erased: Erased) => Promise<void>): View {
  return {
    ...view,
    streams: [...new Set([...view.streams, 'customer-'])],
    apply: async (sql, events) => {
      if (!events.some(isErased)) return view.apply(sql, events);
      let part: Recorded[] = [];
      for (const event of events) {
        part.push(event);
        if (!isErased(event)) continue;
        await view.apply(sql, part);
        part = [];
        await wipe(sql, event.data);
        view.forget();
      }
      if (part.length > 0) await view.apply(sql, part);
      // What the parts would have kept in memory may be older than what was wiped.
      return () => {
        view.forget();
      };
    },
  };
}
