/** What can happen to staff, for the history of everything (`any-history.ts`). */
import type { DomainEvent, Recorded } from '../../src/domain/codec.ts';
import { accessEvents } from '../../src/domain/audit/access.ts';
import { NOTIFICATION_KINDS } from '../../src/domain/notifications/notification-kinds.ts';
import { DIVISIONS } from '../../src/domain/vocabulary.ts';
import { uuid } from './analytics/history.ts';
import type { chancesOf } from './chance.ts';

export type Data = Readonly<Record<string, unknown>>;
export interface Line {
  readonly type: DomainEvent['type'];
  readonly data: Data | ((before: readonly Recorded[]) => Data);
}

export const line = (type: DomainEvent['type'], data: Line['data'] = {}): Line => ({ type, data });

const FACTOR = ['TotpEnrolled', 'TotpCodeUsed', 'RecoveryCodeUsed', 'TotpDisabled', 'TotpReset'] as const;

/** @returns what is told on which stream, in order */
export function staffStories(
  users: readonly string[],
  { upTo, pick, chance, times, shuffled }: ReturnType<typeof chancesOf>,
): readonly (readonly [stream: string, lines: readonly Line[]])[] {
  const told: [string, Line[]][] = [];
  const tell = (stream: string, ...lines: Line[]): void => void told.push([stream, lines]);
  for (const [n, userId] of users.entries()) {
    const division = pick([...DIVISIONS, 'all']);
    const changes: (() => Line)[] = [
      () => line('UserMoved', { userId, division: pick([...DIVISIONS, 'all']) }),
      () => line('UserDeactivated', { userId }),
      () => line('UserReactivated', { userId }),
      () => line('PresenceChanged', { userId, status: 'online' }),
      () => line('PresenceChanged', { userId, status: 'offline', reason: pick([undefined, 'gone']) }),
      () => line('UserRenamed', { userId, name: `Nama ${String(upTo(9))}` }),
      () => line('UserEmailChanged', { userId, email: `${String(n)}.${String(upTo(9))}@demo.saga` }),
      () => line('UserPasswordChanged', { userId }),
      () => line('UserPrivilegesChanged', { userId, granted: ['audit_read'], revoked: [] }),
      () => line('UserRoleChanged', { userId, role: pick(['team_lead', 'sales_agent']) }),
      ...FACTOR.map((type) => () => line(type, { userId })),
      () => line('TelegramLinked', { userId }),
      () => line('TelegramUnlinked', { userId }),
      () => line('UserCapacitySet', { userId, maxActiveTickets: 1 + upTo(9) }),
    ];
    tell(`user-${userId}`, line('UserRegistered', { userId, email: `${String(n)}@demo.saga`, division }));
    tell(`user-${userId}`, ...shuffled([...changes, ...changes]).map((make) => make()));
    tell(
      `notifications-${userId}`,
      ...times(4, () =>
        line('NotificationRead', (before) => ({
          userId,
          notificationId: before.length === 0 ? uuid(9, 0) : pick(before.slice(-20)).id,
        })),
      ),
    );
    const preferred = () => ({
      kind: pick(NOTIFICATION_KINDS),
      inApp: chance(0.5),
      push: chance(0.5),
      sound: chance(0.5),
    });
    tell(
      `preferences-${userId}`,
      ...times(2, () => line('NotificationPreferencesChanged', { userId, preferences: [preferred()] })),
    );
    for (const { type } of accessEvents) tell('access-2026-07', line(type, { userId }));
  }
  return told;
}
