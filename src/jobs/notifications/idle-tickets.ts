/**
 * Alerts agents and team leads to tickets on which nothing happens (docs/design/business-rules.md#idle-tickets): once
 * per silence.
 */
import type { RaiseAlert } from '../../commands/notifications/raise-alert.ts';
import type { Clock } from '../../ports.ts';
import { type AlertTables, idleWithoutAlert } from '../../projections/notifications/alerts.ts';
import { idsOfRole, type StaffTables } from '../../projections/staff/users.ts';

/** Looks once at the assigned tickets. The read tables must have caught up before. */
export async function checkIdle(deps: {
  readonly tables: AlertTables & StaffTables;
  readonly raiseAlert: Pick<RaiseAlert, 'idle'>;
  readonly clock: Clock;
  readonly idleAfterHours: number;
}): Promise<void> {
  const { tables, raiseAlert, clock, idleAfterHours: hours } = deps;
  const tickets = await idleWithoutAlert(tables, new Date(clock.now().getTime() - hours * 3_600_000));
  if (tickets.length === 0) return;
  await raiseAlert.idle({ hours, tickets: [...tickets], leads: await idsOfRole(tables, 'team_lead') });
}
