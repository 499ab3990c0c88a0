/** Answers that people keep ready (docs/design/api.md#quick-replies): their own, those of a division, those of everybody. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';
import { nameKey } from './name-key.ts';

// ---------------------------------------------------------------- stream name

export const QUICK_REPLIES_ID = 'all';
export const quickRepliesStream = (id: string): string => `quickreplies-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const QuickReplySet = defineEvent('QuickReplySet', {
  quickReplyId: z.uuid(),
  shortcut: z.string(),
  title: z.string(),
  body: z.string(),
  /** Null: of all divisions, or of one person. */
  division: division.nullable(),
  /** Whose it is; null: shared. */
  ownerId: z.uuid().nullable(),
});
export const QuickReplyDeleted = defineEvent('QuickReplyDeleted', { quickReplyId: z.uuid() });

export const quickReplyEvents = [QuickReplySet, QuickReplyDeleted] as const;
export type QuickReplyEvent = EventOf<(typeof quickReplyEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export type QuickReply = EventOf<typeof QuickReplySet>['data'];

export interface QuickReplies {
  readonly byId: ReadonlyMap<string, QuickReply>;
}

/** Among whom a shortcut is one. */
const placeOf = ({ ownerId, division: of }: Pick<QuickReply, 'ownerId' | 'division'>): string =>
  ownerId ?? of ?? 'all';

/** Who has this shortcut in the same place, however it is written. */
export const holderOf = (
  { byId }: QuickReplies,
  wanted: Pick<QuickReply, 'shortcut' | 'ownerId' | 'division'>,
): QuickReply | undefined =>
  [...byId.values()].find(
    (one) => placeOf(one) === placeOf(wanted) && nameKey(one.shortcut) === nameKey(wanted.shortcut),
  );

export const quickReplies: Aggregate<QuickReplies, QuickReplyEvent> = {
  category: 'quickreplies',
  stream: quickRepliesStream,
  initial: { byId: new Map() },
  evolve: ({ byId }, event) => {
    const next = new Map(byId);
    if (event.type === 'QuickReplyDeleted') next.delete(event.data.quickReplyId);
    else next.set(event.data.quickReplyId, event.data);
    return { byId: next };
  },
};
