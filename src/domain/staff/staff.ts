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

/** A Telegram account belongs to one of them; who claims another lets go of the one before. */
export const StaffTelegramClaimed = defineEvent('StaffTelegramClaimed', {
  userId: z.uuid(),
  /** Keyed hash of the account. */
  telegramKey: z.string(),
});
export const StaffTelegramReleased = defineEvent('StaffTelegramReleased', { userId: z.uuid() });

export const staffEvents = [
  StaffListed,
  StaffUnlisted,
  StaffEmailChanged,
  SuperAdminAppointed,
  SuperAdminStoodDown,
  StaffTelegramClaimed,
  StaffTelegramReleased,
] as const;
export type StaffEvent = EventOf<(typeof staffEvents)[number]>;

// ---------------------------------------------------------------- state

export interface Staff {
  readonly byEmail: ReadonlyMap<string, { readonly userId: string; readonly listedAt: string }>;
  /** Who has a Telegram account, by its keyed hash. */
  readonly byTelegram: ReadonlyMap<string, string>;
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
        ...staff,
        byEmail: new Map(staff.byEmail).set(data.emailKey, { userId: data.userId, listedAt: data.listedAt }),
        superAdmins,
      };
    case 'StaffUnlisted':
      superAdmins.delete(data.userId);
      return { ...staff, byEmail: without(staff.byEmail, (one) => one.userId === data.userId), superAdmins };
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
    case 'StaffTelegramClaimed':
      return {
        ...staff,
        byTelegram: without(staff.byTelegram, (one) => one === data.userId).set(
          data.telegramKey,
          data.userId,
        ),
      };
    case 'StaffTelegramReleased':
      return { ...staff, byTelegram: without(staff.byTelegram, (one) => one === data.userId) };
    default:
      return staff;
  }
}

export const staff: Aggregate<Staff, StaffEvent> = {
  category: 'staff',
  stream: staffStream,
  initial: { byEmail: new Map(), byTelegram: new Map(), superAdmins: new Set() },
  evolve,
};
