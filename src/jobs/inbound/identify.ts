/**
 * Asks for the number of somebody whose channel hides it, before it is decided who wrote: then both ids are one person, whichever
 * came first (docs/design/channels.md#waha).
 */
import { LRUCache } from 'lru-cache';
import type { InboundItem } from '../../domain/inbound/inbound.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import type { NumberSource } from '../../ports.ts';

const MOST_REMEMBERED = 20_000;
/** A number that is not known yet may be so after a while; whoever writes meanwhile is known by the id alone. */
const ASK_AGAIN_MS = 600_000;
const PATIENCE_MS = 3_000;

/** @param sourceOf how a line can be asked; null: its channel hides nothing */
export function createIdentify(
  sourceOf: (channel: Channel, line: string) => NumberSource | null,
): (item: InboundItem) => Promise<InboundItem> {
  const known = new LRUCache<string, { readonly digits: string | null }>({ max: MOST_REMEMBERED });
  return async (item) => {
    if (item.kind === 'template_status' || typeof item.line !== 'string') return item;
    const { channel, line, userId } = item;
    const [, prefix = '', name = ''] = /^([a-z]+_)(.+)$/s.exec(userId) ?? [];
    const source = sourceOf(channel, line);
    if (!source?.hides(name)) return item;
    const key = `${line} ${name}`;
    const asked = known.get(key) ?? {
      digits: await source.numberOf(name, line, AbortSignal.timeout(PATIENCE_MS)),
    };
    known.set(key, asked, asked.digits === null ? { ttl: ASK_AGAIN_MS, noUpdateTTL: true } : {});
    if (asked.digits === null) return item;
    const otherIds = [...('otherIds' in item ? (item.otherIds ?? []) : []), userId];
    return { ...item, userId: prefix + asked.digits, phone: `+${asked.digits}`, otherIds };
  };
}
