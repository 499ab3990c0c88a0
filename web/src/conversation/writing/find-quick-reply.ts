/** Which quick replies fit what was typed, and what they say. */
import { variableLabel } from '../../follow-ups/words.ts';
import type { Schemas, Ticket } from '../../lib/api.ts';

export type QuickReply = Schemas['QuickReply'];
const SHOWN = 8;

/** The words after the stroke; null: no quick reply is asked for. */
export const wantedOf = (text: string): string | null =>
  /^\/([^\n]{0,40})$/.exec(text)?.[1]?.toLowerCase() ?? null;

/** Those of the ticket's division that fit, by shortcut first. */
export const fitting = (
  all: readonly QuickReply[],
  wanted: string,
  division: Ticket['division'],
): QuickReply[] => {
  const begins = ({ shortcut }: QuickReply): number => Number(shortcut.toLowerCase().startsWith(wanted));
  return all
    .filter((one) => one.division === null || one.division === division)
    .filter(({ shortcut, title }) => `${shortcut} ${title}`.toLowerCase().includes(wanted.trim()))
    .sort((a, b) => begins(b) - begins(a) || a.shortcut.localeCompare(b.shortcut))
    .slice(0, SHOWN);
};

/** What is not known stands in brackets, to be written over. */
export const filledIn = (body: string, values: Readonly<Record<string, string | null | undefined>>): string =>
  body.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? `[${variableLabel(name)}]`);
