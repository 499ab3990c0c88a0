/**
 * A person has read one of their notifications. It is an event because `read_at` is in a read table, and read tables are
 * rebuilt from events (docs/design/architecture.md#decisions-of-users-are-events); their other devices follow it too.
 */
import type { EventOf } from '../../domain/event.ts';
import { type NotificationRead, type ReadMarks, readMarks } from '../../domain/notifications/notification.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

/** Those that are on record already are left out. */
export const decideReadNotifications = (
  { read }: ReadMarks,
  { userId, ids }: { readonly userId: string; readonly ids: readonly string[] },
): EventOf<typeof NotificationRead>[] =>
  [...new Set(ids)]
    .filter((notificationId) => !read.has(notificationId))
    .map((notificationId) => ({ type: 'NotificationRead', data: { userId, notificationId } }));

/** Reading twice makes no second event. */
export const decideReadNotification = (
  marks: ReadMarks,
  { userId, notificationId }: { readonly userId: string; readonly notificationId: string },
): EventOf<typeof NotificationRead>[] => decideReadNotifications(marks, { userId, ids: [notificationId] });

/** @param notificationId an unread one of the caller; the route checks that before */
export const readNotification =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, notificationId: string) => {
    const eventContext = eventContextOf(ctx, clock);
    const data = { userId: ctx.caller.id, notificationId };
    const { position } = await handler.executeCommand(readMarks, ctx.caller.id, eventContext, (state) =>
      decideReadNotification(state, data),
    );
    return { read_at: eventContext.at, position };
  };

/** @param ids unread ones of the caller; the route looks them up */
export const readNotifications =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ids: readonly string[]) => {
    const userId = ctx.caller.id;
    const { position } = await handler.executeCommand(
      readMarks,
      userId,
      eventContextOf(ctx, clock),
      (state) => decideReadNotifications(state, { userId, ids }),
    );
    return { position };
  };
