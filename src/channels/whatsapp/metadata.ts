/** What everything from WhatsApp has in common: when, about which customer, on which number. */
import { idOf, type Members, membersOf, timeOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import { isPhone, isScopedId, phoneDigits } from '../../domain/customers/phone.ts';

/** What is neither a number nor such an id names nobody: a gateway's placeholder would make one person of all. */
const scopedIdIn = (...ids: readonly (string | undefined)[]): string | undefined =>
  ids.find((id): id is string => id !== undefined && isScopedId(id));

/** One customer, by their number when WhatsApp sends it, else by the business-scoped id. @returns undefined: nobody */
export function whatsappCustomer(from: string | undefined, ...ids: readonly (string | undefined)[]) {
  const digits = from === undefined ? '' : phoneDigits(from);
  const phone = isPhone(digits) ? digits : undefined;
  const scopedId = scopedIdIn(...ids, from);
  const name = phone ?? scopedId;
  if (name === undefined) return undefined;
  return {
    userId: `wa_${name}`,
    phone: phone === undefined ? null : `+${phone}`,
    businessScopedId: scopedId ?? null,
  };
}

/** To whom a message of ours went, also where that is no person we know: a report about it then changes nothing. */
export const whatsappRecipient = (to: string | undefined, id: string | undefined) =>
  whatsappCustomer(to, id) ??
  (to === undefined ? undefined : { userId: `wa_${to}`, phone: null, businessScopedId: null });

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
