/** Wires what notes that people were heard of, and what takes those offline who were not. */
import { createActivity } from '../adapters/operational/activity.ts';
import type { Job } from '../engine/jobs/run-while-leader.ts';
import { createPresenceTimeout } from '../jobs/routing/presence-timeout.ts';
import type { Activity } from '../ports.ts';
import type { ProgramContext } from './context.ts';

const timeoutMs = ({ config }: Pick<ProgramContext, 'config'>): number =>
  config.PRESENCE_TIMEOUT_MINUTES * 60_000;

/** A fifth of the time is how late it may be known. */
export const activityOf = (context: Pick<ProgramContext, 'config' | 'stores' | 'clock' | 'log'>): Activity =>
  createActivity({
    store: context.stores.postgres.writes,
    clock: context.clock,
    log: context.log,
    everyMs: Math.min(60_000, timeoutMs(context) / 5),
  });

export function presenceTimeoutOf(context: ProgramContext): Job {
  const { commands, stores } = context;
  return createPresenceTimeout({
    ...context,
    staff: stores.postgres.writes,
    activity: activityOf(context),
    gone: (userId) => commands.leaveDesk.gone(userId),
    timeoutMs: timeoutMs(context),
    everyMs: Math.min(15_000, timeoutMs(context) / 5),
  });
}
