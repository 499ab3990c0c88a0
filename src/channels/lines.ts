/**
 * Our lines: numbers, pages, accounts and bots (docs/design/channels.md#lines). Several of one division on one
 * channel are normal.
 */
import type { Channel, Division, TemplatesBy } from '../domain/vocabulary.ts';

export interface Line {
  /** As the channel names it: a phone number id, an account or page id, a bot id. */
  readonly id: string;
  readonly channel: Channel;
  readonly division: Division;
  /** How customers know it; null: it has no name of its own. */
  readonly name: string | null;
  /** How it takes what is written outside the service window; unset: as its channel does. */
  readonly templatesBy?: TemplatesBy;
}

export interface Lines {
  readonly all: readonly Line[];
  find(channel: Channel, id: string): Line | undefined;
  /** In the order of the configuration: the first one is used where nothing says which. */
  of(channel: Channel, division: Division): readonly Line[];
  /** How it takes what is written outside the service window. */
  templatesBy(channel: Channel, id: string): TemplatesBy;
}

export function createLines(all: readonly Line[]): Lines {
  const byId = new Map(all.map((line) => [`${line.channel} ${line.id}`, line]));
  return {
    all,
    templatesBy: (channel, id) => byId.get(`${channel} ${id}`)?.templatesBy ?? 'name',
    find: (channel, id) => byId.get(`${channel} ${id}`),
    of: (channel, division) => all.filter((line) => line.channel === channel && line.division === division),
  };
}

/**
 * The line that a reply leaves by: the one the customer wrote to, else the first of the division.
 * @param own the line of the customer's last message; null: not known
 * @returns null: none is configured that can send
 */
export function lineToSendBy(
  lines: readonly Pick<Line, 'id' | 'division'>[],
  talk: { readonly division: string; readonly own: string | null },
): string | null {
  const own = lines.find(({ id }) => id === talk.own);
  return (own ?? lines.find(({ division }) => division === talk.division))?.id ?? null;
}
