/**
 * The staff list: the consistency boundary of what holds for all users together. An e-mail address belongs
 * to one of them, and one active super admin always remains (docs/design/api.md#users).
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

export const STAFF_ID = 'list';
export const staffStream = (id: string): string => `staff-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const StaffListed = defineEvent('StaffListed', {
  userId: z.uuid(),
  /** Keyed hash of the normalised e-mail address. */
  emailKey: z.string(),
  superAdmin: z.boolean(),
  listedAt: z.iso.datetime(),
});
export const StaffUnlisted = defineEvent('StaffUnlisted', { userId: z.uuid() });
export const StaffEmailChanged = defineEvent('StaffEmailChanged', { userId: z.uuid(), emailKey: z.string() });
export const SuperAdminAppointed = defineEvent('SuperAdminAppointed', { userId: z.uuid() });
export const SuperAdminStoodDown = defineEvent('SuperAdminStoodDown', { userId: z.uuid() });

export const staffEvents = [
  StaffListed,
  StaffUnlisted,
  StaffEmailChanged,
  SuperAdminAppointed,
  SuperAdminStoodDown,
] as const;
export type StaffEvent = EventOf<(typeof staffEvents)[number]>;

// ---------------------------------------------------------------- state

export interface Staff {
  readonly byEmail: ReadonlyMap<string, { readonly userId: string; readonly listedAt: string }>;
  /** Active super admins. */
  readonly superAdmins: ReadonlySet<string>;
}

const without = <K, V>(map: ReadonlyMap<K, V>, drop: (value: V) => boolean): Map<K, V> =>
  new Map([...map].filter(([, value]) => !drop(value)));

// ---------------------------------------------------------------- evolve

function evolve(staff: Staff, { type, data }: StaffEvent): Staff {
  const superAdmins = new Set(staff.superAdmins);
  switch (type) {
    case 'StaffListed':
      if (data.superAdmin) superAdmins.add(data.userId);
      return {
        byEmail: new Map(staff.byEmail).set(data.emailKey, { userId: data.userId, listedAt: data.listedAt }),
        superAdmins,
      };
    case 'StaffUnlisted':
      superAdmins.delete(data.userId);
      return { byEmail: without(staff.byEmail, (one) => one.userId === data.userId), superAdmins };
    case 'StaffEmailChanged': {
      const old = [...staff.byEmail.values()].find((one) => one.userId === data.userId);
      const byEmail = without(staff.byEmail, (one) => one.userId === data.userId);
      return old ? { ...staff, byEmail: byEmail.set(data.emailKey, old) } : staff;
    }
    case 'SuperAdminAppointed':
      return { ...staff, superAdmins: superAdmins.add(data.userId) };
    case 'SuperAdminStoodDown':
      superAdmins.delete(data.userId);
      return { ...staff, superAdmins };
    default:
      return staff;
  }
}

export const staff: Aggregate<Staff, StaffEvent> = {
  category: 'staff',
  stream: staffStream,
  initial: { byEmail: new Map(), superAdmins: new Set() },
  evolve,
};
