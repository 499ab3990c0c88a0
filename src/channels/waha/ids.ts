/** How WAHA names chats and messages (docs/design/channels.md#waha). */
import { isPhone, phoneDigits } from '../../domain/customers/phone.ts';
import { idOf, type Members, membersOf } from '../lenient.ts';

/** Behind the name of somebody whose number WhatsApp hides. */
const HIDDEN = '@lid';

/**
 * Who a chat is with. `@c.us` and `@s.whatsapp.net` are one person by their number; a device behind the name is left out.
 * @returns `not_a_person`: a group, a channel, the status; undefined: nobody
 */
export function personIn(
  chat: string | undefined,
):
  | { readonly userId: string; readonly phone: string | null; readonly businessScopedId: null }
  | 'not_a_person'
  | undefined {
  if (chat === undefined) return undefined;
  if (/@(?:g\.us|newsletter|broadcast)$/i.test(chat)) return 'not_a_person';
  const [, hidden] = /^(\d+)(?::\d+)?@lid$/i.exec(chat) ?? [];
  if (hidden !== undefined) return { userId: `wa_${hidden}${HIDDEN}`, phone: null, businessScopedId: null };
  const digits = phoneDigits(chat);
  return isPhone(digits)
    ? { userId: `wa_${digits}`, phone: `+${digits}`, businessScopedId: null }
    : undefined;
}

/** @param userId without our prefix. @returns undefined: their number is not hidden */
export const hiddenIdOf = (userId: string): string | undefined => /^(\d+)@lid$/.exec(userId)?.[1];

/** @param userId without our prefix. @returns undefined: nobody that WAHA could write to */
export function chatOf(userId: string): string | undefined {
  if (hiddenIdOf(userId) !== undefined) return userId;
  return isPhone(userId) ? `${userId}@c.us` : undefined;
}

/** `{true|false}_{chat}_{ID}[_{participant}]`, the same message under different chats: only the ID is its own. */
export function messageIdIn(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const [, own] = /^(?:true|false)_[^_]+_([^_]+)(?:_.+)?$/.exec(id) ?? [];
  return own ?? id;
}

/** Of an answer: engines differ, and a version renamed it. */
export function fullIdOf(body: unknown): string | undefined {
  const { id, key } = membersOf(body);
  const own: Members = membersOf(id);
  return idOf(id) ?? idOf(own['_serialized']) ?? idOf(own['id']) ?? idOf(membersOf(key)['id']);
}
