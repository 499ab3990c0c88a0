/**
 * What an erasure does to read tables. The rows of each view become what a rebuild makes after the customer's key is
 * destroyed, in the view's own transaction and in the order of the events, so that `verify` finds no difference.
 */
import type { Recorded } from '../../domain/codec.ts';
import type { CustomerErased } from '../../domain/customers/customer.ts';
import type { EventOf } from '../../domain/event.ts';
import type { Sql } from '../../ports.ts';
import type { View } from '../../engine/projections/view.ts';

/** The data of the event: whose rows are erased. */
export type ErasureFacts = EventOf<typeof CustomerErased>['data'];

const isErased = (event: Recorded): event is Extract<Recorded, { type: 'CustomerErased' }> =>
  event.type === 'CustomerErased';

/**
 * @param erase changes the rows of the view's own tables; later events of the batch work on the changed rows
 * @returns the view, which also follows erasures
 */
export function withErasure(view: View, erase: (on: Sql, erased: ErasureFacts) => Promise<void>): View {
  return {
    ...view,
    streams: [...new Set([...view.streams, 'customer-'])],
    apply: async (on, events) => {
      if (!events.some(isErased)) return view.apply(on, events);
      let part: Recorded[] = [];
      for (const event of events) {
        part.push(event);
        if (!isErased(event)) continue;
        await view.apply(on, part);
        part = [];
        await erase(on, event.data);
        view.forget();
      }
      if (part.length > 0) await view.apply(on, part);
      // What the parts would keep in memory may be older than the erased rows.
      return () => {
        view.forget();
      };
    },
  };
}
