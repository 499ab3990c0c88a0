/** Short names for the events of a user in specs. */
import type { UserEvent } from '../../../src/domain/staff/user.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { ani } from './people.ts';

type Registered = Extract<UserEvent, { type: 'UserRegistered' }>;

export const userRegistered = (caller: Caller = ani): Registered => ({
  type: 'UserRegistered',
  data: {
    userId: caller.id,
    name: 'Ani',
    email: 'ani@demo.saga',
    passwordHash: 'hash',
    role: caller.role,
    division: caller.division,
  },
});
export const presenceChanged = (status: 'online' | 'offline', caller: Caller = ani): UserEvent => ({
  type: 'PresenceChanged',
  data: { userId: caller.id, status },
});
export const deactivated = (caller: Caller = ani): UserEvent => ({
  type: 'UserDeactivated',
  data: { userId: caller.id },
});
