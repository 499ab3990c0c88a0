/** A small cast for specs: callers of each role, with the default privileges. */
import { type Caller, DEFAULT_PRIVILEGES, type Privilege } from '../../../src/domain/staff/privileges.ts';
import type { User } from '../../../src/domain/staff/user.ts';
import type { Role, UserDivision } from '../../../src/domain/vocabulary.ts';

/** Ids that a failing spec can be read by. */
export const uuidOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const person = (n: number, role: Role, division: UserDivision): Caller => ({
  id: uuidOf(n),
  role,
  division,
  privileges: new Set<Privilege>(DEFAULT_PRIVILEGES[role]),
});

export const rina = person(1, 'super_admin', 'all');
export const tono = person(2, 'team_lead', 'sari');
export const ani = person(3, 'sales_agent', 'sari');
export const budi = person(4, 'sales_agent', 'sari');
export const sena = person(5, 'sales_agent', 'savi');
export const vera = person(6, 'viewer', 'sari');
export const dian = person(7, 'dispatcher', 'sari');
export const tara = person(8, 'technician', 'sari');

/** The same person as the user aggregate knows them. */
export const asUser = (caller: Caller, status: 'active' | 'inactive' = 'active'): User => ({
  status,
  id: caller.id,
  name: caller.id,
  email: `${caller.id}@demo.saga`,
  passwordHash: '-',
  temporaryPasswordUntil: null,
  role: caller.role,
  division: caller.division,
  granted: [],
  revoked: [],
  maxActiveTickets: null,
  secondFactor: null,
  sessionGeneration: 0,
  presence: 'offline',
  telegramId: null,
});
