import { randomUUID } from 'node:crypto';
import type { PubSubMessage } from './pub-sub-hub.ts';

/** A sender that stopped halfway must not be remembered for ever. */
const MOST_UNFINISHED = 100;

/** Every character one byte, so that a text may be cut anywhere and its length is its size. */
function ascii(text: string): string {
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Messages of one sender as frames `sender id index count text`, none larger than `limit` bytes. */
export function toFrames(sender: string, envelopes: readonly PubSubMessage[], limit: number): string[] {
  const text = ascii(JSON.stringify(envelopes));
  const capacity = limit - 100; // two UUIDs, two counters and blanks
  const count = Math.ceil(text.length / capacity);
  const id = randomUUID();
  return Array.from({ length: count }, (_, index) =>
    [sender, id, String(index), String(count), text.slice(index * capacity, (index + 1) * capacity)].join(
      ' ',
    ),
  );
}

/** Puts frames together again. Frames of `self` and what is not a frame give nothing. */
export function createAssembler(self: string): (frame: string) => readonly PubSubMessage[] {
  const unfinished = new Map<string, string[]>();
  return (frame) => {
    const match = /^(\S+) (\S+) (\d+) (\d+) (.*)$/s.exec(frame);
    const [, sender, id = '', index, count, text = ''] = match ?? [];
    if (!match || sender === self) return [];
    const parts = unfinished.get(id) ?? [];
    parts[Number(index)] = text;
    if (Object.keys(parts).length < Number(count)) {
      unfinished.set(id, parts);
      const [oldest] = unfinished.keys();
      if (unfinished.size > MOST_UNFINISHED && oldest !== undefined) unfinished.delete(oldest);
      return [];
    }
    unfinished.delete(id);
    return JSON.parse(parts.join('')) as readonly PubSubMessage[];
  };
}
