/** What the tabs of a desk count (docs/design/api.md#inbox-counts): each is the total of a list of the inbox. */
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { countInbox } from './inbox.ts';
import type { Idleness, InboxFilters } from './inbox-filter.ts';

/** The lists behind the tabs, for the person `me`. */
const tabsOf = (me: string) =>
  ({
    mine: { assignedTo: me, open: true },
    mine_unread: { assignedTo: me, open: true, unreadBy: me },
    waiting_for_me: { waitingFor: me },
    free: { queueStatus: 'free' },
    queued: { queueStatus: 'queued' },
    queued_over_5: { queueStatus: 'queued', queuedOverMin: 5 },
    queued_over_15: { queueStatus: 'queued', queuedOverMin: 15 },
    off_hours: { queueStatus: 'off_hours' },
    idle: { isIdle: true },
    snoozed: { assignedTo: me, snoozed: true },
  }) as const satisfies Readonly<Record<string, InboxFilters>>;

export type DeskCounts = Readonly<Record<keyof ReturnType<typeof tabsOf>, number>>;

/** The counts of the person who reads. */
export const deskCounts = (
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  idle: Idleness,
): Promise<DeskCounts> => countInbox(read, scope, divisions, tabsOf(scope.userId), idle);
