/**
 * Alerts leads to tickets that wait too long (docs/design/business-rules.md#queue-alerts): once per ticket, level and
 * wait.
 */
import type { RaiseAlert } from '../../commands/notifications/raise-alert.ts';
import type { Role } from '../../domain/vocabulary.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { type AlertTables, queuedWithoutAlert } from '../../projections/notifications/alerts.ts';
import { idsOfRole, type StaffTables } from '../../projections/staff/users.ts';

/** After how many minutes which role is alerted. */
const LEVELS: readonly { readonly minutes: number; readonly role: Role }[] = [
  { minutes: 5, role: 'team_lead' },
  { minutes: 15, role: 'super_admin' },
];

export interface QueueAlertsDeps {
  readonly tables: AlertTables & StaffTables;
  readonly raiseAlert: Pick<RaiseAlert, 'queue'>;
  /** Is the division open at that moment? */
  readonly isOpen: (division: Division, at: Date) => Promise<boolean>;
  readonly clock: Clock;
}

/** Looks once at the queue. The read tables must have caught up before. */
export async function checkQueue({ tables, raiseAlert, isOpen, clock }: QueueAlertsDeps): Promise<void> {
  const now = clock.now();
  for (const { minutes, role } of LEVELS) {
    const since = new Date(now.getTime() - minutes * 60_000);
    const waiting = await queuedWithoutAlert(tables, minutes, since);
    if (waiting.length === 0) continue;
    const divisions = [...new Set(waiting.map(({ division }) => division))];
    // Nobody can act at night on a ticket that came at night: its wait counts from the opening on.
    const openDivisions = new Set<Division>();
    for (const division of divisions) {
      if ((await isOpen(division, since)) && (await isOpen(division, now))) openDivisions.add(division);
    }
    const tickets = waiting
      .filter(({ offHours, division }) => !offHours || openDivisions.has(division))
      .map(({ ticketId, division, episode }) => ({ ticketId, division, episode }));
    const recipients = await idsOfRole(tables, role);
    if (tickets.length > 0 && recipients.length > 0) await raiseAlert.queue({ minutes, tickets, recipients });
  }
}
