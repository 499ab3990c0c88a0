/**
 * What administrators cut: `$tb`, `$maxCount` and tombstones, as a real 23.10.6 answered them. Reads of the stream are
 * short, empty or refused; `$all` keeps every event.
 */
import { randomUUID } from 'node:crypto';
import type { EsdbServer } from './index.ts';
import type { Log, LoggedEvent } from './log.ts';

const TOMBSTONE = '$streamDeleted';
/** `$tb` of a soft delete. The real server writes the largest 64-bit integer. */
const ALL = 9_223_372_036_854_775_807n;

/** The stream or its metadata was deleted for good. */
export const isTombstoned = (log: Log, stream: string): boolean =>
  log.stream(stream.replace(/^\$\$/, '')).at(-1)?.type === TOMBSTONE;

/** What a read of the stream may hand out; undefined: the server says that there is no such stream. */
export function visibleOf(log: Log, stream: string): readonly LoggedEvent[] | undefined {
  const events = log.stream(stream);
  if (events.length === 0) return undefined;
  const metadata = log.stream(`$$${stream}`).at(-1);
  if (!metadata) return events;
  const set = JSON.parse(Buffer.from(metadata.data).toString()) as { $tb?: number; $maxCount?: number };
  const isSoftDeleted = set.$tb !== undefined && set.$tb >= Number(ALL);
  // What was appended after a soft delete is there again.
  if (isSoftDeleted) {
    const after = events.filter(({ position }) => position > metadata.position);
    return after.length === 0 ? undefined : after;
  }
  const kept = events.filter(({ revision }) => revision >= BigInt(set.$tb ?? 0));
  return set.$maxCount === undefined ? kept : kept.slice(-set.$maxCount);
}

type Setting =
  'soft delete' | 'tombstone' | 'nothing' | { readonly $tb: number } | { readonly $maxCount: number };

/** Does to a stream what an administrator does with the server's own tools. */
export function cut(server: Pick<EsdbServer, 'inject'>, stream: string, setting: Setting): void {
  const event = (type: string, data: string) => ({
    id: randomUUID(),
    type,
    contentType: 'application/json',
    data: Buffer.from(data),
    metadata: Buffer.from('{}'),
  });
  if (setting === 'tombstone') server.inject(stream, event(TOMBSTONE, '{}'));
  else if (setting === 'soft delete')
    server.inject(`$$${stream}`, event('$metadata', `{"$tb":${String(ALL)}}`));
  else
    server.inject(`$$${stream}`, event('$metadata', setting === 'nothing' ? '{}' : JSON.stringify(setting)));
}
