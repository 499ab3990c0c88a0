/**
 * Who types and who looks at a ticket (docs/design/api.md#typing-and-viewers). Goes from process to process and is kept nowhere:
 * a client says it again and again for as long as it is so.
 */
import { z } from 'zod';
import { division, uuid } from '../../domain/vocabulary.ts';
import type { Clock, PubSub } from '../../ports.ts';
import type { Audience } from '../../projections/live/rendered.ts';
import type { Person } from '../../projections/staff/person.ts';

export const DESK_TOPIC = 'desk-signal';
/** Longer than the half minute after which a client repeats it. */
export const VIEWING_SECONDS = 45;

export const deskSignal = z.object({
  kind: z.enum(['typing', 'viewing']),
  ticketId: uuid,
  division,
  assignee: uuid.nullable(),
  layer: z.enum(['L1', 'L2']),
  by: z.object({ id: uuid, name: z.string() }),
});
export type DeskSignal = z.infer<typeof deskSignal>;

/** Sends to everybody of this process who may see it. `notTo`: the person it is about. */
export type TellReaders = (name: string, audience: Audience, data: string, notTo: string | null) => void;

export interface DeskSignals {
  send(signal: DeskSignal): void;
  /** Who looks at this ticket now, by name. */
  viewers(ticketId: string): readonly Person[];
}

interface Looking {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

interface Viewed {
  readonly about: DeskSignal;
  /** By person: their name, and until when (ms since 1970). */
  readonly people: Map<string, Looking>;
}

export function createDeskSignals(deps: {
  readonly pubSub: Pick<PubSub, 'publish' | 'subscribe'>;
  readonly clock: Clock;
  readonly tell: TellReaders;
}): DeskSignals {
  const { pubSub, clock, tell } = deps;
  const tickets = new Map<string, Viewed>();
  let timer: NodeJS.Timeout | undefined;

  const listOf = ({ people }: Viewed): Person[] =>
    [...people].map(([id, { name }]) => ({ id, name })).sort((a, b) => (a.name < b.name ? -1 : 1));

  const audienceOf = ({ layer, division: of, assignee }: DeskSignal): Audience => ({
    kind: layer === 'L2' ? 'note' : 'message',
    division: of,
    assignee,
  });

  function tellViewers(viewed: Viewed): void {
    const data = JSON.stringify({ ticket_id: viewed.about.ticketId, viewers: listOf(viewed) });
    tell('viewers', audienceOf(viewed.about), data, null);
  }

  /** Those who said nothing for too long have gone. */
  function sweep(): void {
    const now = clock.now().getTime();
    for (const [ticketId, viewed] of tickets) {
      const gone = [...viewed.people].filter(([, { until }]) => until <= now);
      for (const [id] of gone) viewed.people.delete(id);
      if (viewed.people.size === 0) tickets.delete(ticketId);
      if (gone.length > 0) tellViewers(viewed);
    }
    if (tickets.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function looks(about: DeskSignal): void {
    const viewed: Viewed = {
      about,
      people: tickets.get(about.ticketId)?.people ?? new Map<string, Looking>(),
    };
    tickets.set(about.ticketId, viewed);
    const isNew = !viewed.people.has(about.by.id);
    viewed.people.set(about.by.id, {
      name: about.by.name,
      until: clock.now().getTime() + VIEWING_SECONDS * 1000,
    });
    timer ??= setInterval(sweep, 5_000).unref();
    if (isNew) tellViewers(viewed);
  }

  pubSub.subscribe(DESK_TOPIC, (message) => {
    const parsed = deskSignal.safeParse(message);
    if (!parsed.success) return;
    const { kind, ticketId, layer, by } = parsed.data;
    if (kind === 'viewing') looks(parsed.data);
    else tell('typing', audienceOf(parsed.data), JSON.stringify({ ticket_id: ticketId, layer, by }), by.id);
  });

  return {
    send: (one) => {
      pubSub.publish(DESK_TOPIC, one);
    },
    viewers(ticketId) {
      sweep();
      const viewed = tickets.get(ticketId);
      return viewed ? listOf(viewed) : [];
    },
  };
}
