/** What everything from WhatsApp has in common: when, about which customer, on which number. */
import { z } from 'zod';
import type { Line } from '../lines.ts';

/** Unix seconds as a string. Eleven digits reach the year 5138, and keep the ISO form at four digits. */
export const unixSeconds = z
  .union([z.string(), z.number().transform(String)])
  .pipe(z.string().regex(/^\d{1,11}$/))
  .transform((seconds) => new Date(Number(seconds) * 1000).toISOString());

const isPhone = (id: string | undefined): id is string => id !== undefined && /^\d{5,20}$/.test(id);

/** One customer, by their number when WhatsApp sends it, else by the business-scoped id. */
export function whatsappCustomer(phone: string | undefined, scopedId: string | undefined) {
  const name = phone ?? scopedId;
  if (name === undefined) return undefined;
  return {
    userId: `wa_${name}`,
    phone: isPhone(phone) ? `+${phone}` : null,
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
