/**
 * How a file at WAHA is named here: the message that it came with, and the path where it lies for a short time. Which host that
 * is, the configuration says: what a body says of it is not trusted.
 */
import { idOf, type Members, membersOf, textOf } from '../lenient.ts';

/** @returns null: it cannot be fetched */
export function mediaName(payload: Members): string | null {
  const message = idOf(payload['id']);
  const chat = idOf(payload['from']);
  if (message === undefined || chat === undefined) return null;
  const url = textOf(membersOf(payload['media'])['url']);
  const path = url !== undefined && URL.canParse(url) ? new URL(url).pathname : '';
  return [chat, message, path].join(' ');
}

/** @returns undefined: no name of such a file */
export function mediaOfName(
  name: string,
): { readonly chat: string; readonly message: string; readonly path: string } | undefined {
  const [chat = '', message = '', path = ''] = name.split(' ');
  const good =
    /^[\w.:-]+@[\w.]+$/.test(chat) &&
    /^[\w@.:-]{1,512}$/.test(message) &&
    /^(?:\/api\/files\/[\w/.%@:+-]+)?$/.test(path);
  return good && !path.includes('..') ? { chat, message, path } : undefined;
}
