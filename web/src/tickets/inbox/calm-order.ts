/** Nothing moves under the pointer: while it is over the list, rows keep their places and show what is new in them. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Ticket } from '../../lib/api.ts';

interface Calm {
  readonly tickets: readonly Ticket[];
  /** How many are new or have moved. */
  readonly updates: number;
  /** Shows them where they belong now. */
  readonly release: () => void;
}

/** @param list which list it is: another one starts anew */
export function useCalmOrder(loaded: readonly Ticket[], held: boolean, list: string): Calm {
  const order = useRef<{ list: string; ids: readonly string[] }>({ list, ids: [] });
  const [released, setReleased] = useState(0);
  const calm = useMemo(() => {
    const ids = loaded.map(({ id }) => id);
    const known = order.current;
    const before = known.list === list ? known.ids : [];
    const byId = new Map(loaded.map((ticket) => [ticket.id, ticket]));
    const kept = before.filter((id) => byId.has(id));
    const goesOn =
      kept.length > 0 && kept.length === before.length && before.every((id, at) => ids[at] === id);
    // A further page only adds below: nothing has moved.
    if (!held || before.length === 0 || goesOn) {
      order.current = { list, ids };
      return { tickets: loaded, updates: 0 };
    }
    const added = ids.filter((id) => !before.includes(id));
    const moved = ids.filter((id) => before.includes(id)).filter((id, at) => kept[at] !== id).length;
    const tickets = kept.flatMap((id) => byId.get(id) ?? []);
    order.current = { list, ids: kept };
    return { tickets, updates: added.length + (moved > 0 ? 1 : 0) };
    // `released` makes it anew.
  }, [loaded, held, list, released]);
  const release = useCallback(() => {
    order.current = { list: '', ids: [] };
    setReleased((n) => n + 1);
  }, []);
  return { ...calm, release };
}
