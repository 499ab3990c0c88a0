/** What a role may, where it was changed from the default (docs/design/api.md#roles-and-privileges). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { privilege, type Privilege } from './privileges.ts';
import { role as roleName } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const roleStream = (role: string): string => `role-${role}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const RolePrivilegesSet = defineEvent('RolePrivilegesSet', {
  role: roleName,
  privileges: z.array(privilege),
});

export const roleEvents = [RolePrivilegesSet] as const;
export type RoleEvent = EventOf<typeof RolePrivilegesSet>;

// ---------------------------------------------------------------- state and evolve

export interface RoleState {
  /** null: never changed, the default holds. */
  readonly privileges: readonly Privilege[] | null;
}

export const roleAggregate: Aggregate<RoleState, RoleEvent> = {
  category: 'role',
  stream: roleStream,
  initial: { privileges: null },
  evolve: (_state, event) => ({ privileges: event.data.privileges }),
};
