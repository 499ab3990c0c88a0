/** What an administrator set that makes a stream shorter than it was (docs/design/reliability.md#whole-streams). */
import type { Clients } from '../clients.ts';
import { readStream } from '../reads.ts';

/** Members of `$metadata` by which reads of a stream leave out its older events, or all of them. */
const SHORTENING = ['$tb', '$maxCount', '$maxAge'] as const;

/** The server keeps the metadata of a stream as the last event of this stream. */
export const metadataStream = (stream: string): string => `$$${stream}`;

/** @returns the names of what shortens, e.g. `$tb`; null: `$metadata` with nothing of it, such as rights */
export function shorteningOf(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const set = SHORTENING.filter((name) => name in metadata);
  return set.length === 0 ? null : set.join(', ');
}

/** See `EventStore.shortened`. @throws StreamDeleted, StoreUnavailable */
export async function shortenedBy(
  clients: Clients,
  timeoutMs: number,
  stream: string,
): Promise<string | null> {
  const [last] = await readStream(clients, timeoutMs, metadataStream(stream), {
    direction: 'backwards',
    limit: 1,
  });
  return last ? shorteningOf(last.data) : null;
}
