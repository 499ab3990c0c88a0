/** What everything from WhatsApp has in common: when, about which customer, on which number. */
import { idOf, type Members, membersOf, timeOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import { isPhone, phoneDigits } from '../../domain/customers/phone.ts';

/** One customer, by their number when WhatsApp sends it, else by the business-scoped id. */
export function whatsappCustomer(phone: string | undefined, scopedId: string | undefined) {
  const name = phone === undefined ? scopedId : phoneDigits(phone);
  if (name === undefined) return undefined;
  return {
    userId: `wa_${name}`,
    phone: phone !== undefined && isPhone(name) ? `+${name}` : null,
    businessScopedId: scopedId ?? null,
  };
}

export const metadataOf = ({ id, division, name }: Line) => ({
  division,
  channel: 'whatsapp' as const,
  line: id,
  botId: division,
  waPhoneId: id,
  waDisplayName: name,
  isOfficeHours: null,
});

/** @returns the phone_number_id that a change is about; undefined: it says none */
export const phoneNumberIdOf = (value: Members): string | undefined =>
  idOf(membersOf(value['metadata'])['phone_number_id']);

/** A time in Unix seconds, else the time of arrival: without one of its own, a message is as old as its delivery. */
export const sentAtOf = (timestamp: unknown, receivedAt: string): string => timeOf(timestamp) ?? receivedAt;
