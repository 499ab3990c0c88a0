/** Text and times as the read tables hold them. */

/**
 * Postgres text cannot hold a zero byte nor half a character, and its JSON functions fail on either; a customer may
 * send both all the same.
 */
export const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

/** JSON whose texts are storable. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));

/** `storable`, for a text that may be missing. */
export const storableOrNull = (text: string | null): string | null => (text === null ? null : storable(text));

/** One spelling for one moment: ISO 8601 UTC with milliseconds and Z (docs/design/api.md#times-money-and-ids). */
export const isoTime = (time: string): string =>
  // As our own clock writes it, so nearly always; a fold asks several times per event.
  ISO_TIME.test(time) ? time : new Date(time).toISOString();
const ISO_TIME = /^\d{4}-\d\d-\d\dT[01]\d:\d\d:\d\d\.\d{3}Z$|^\d{4}-\d\d-\d\dT2[0-3]:\d\d:\d\d\.\d{3}Z$/;

/** SQL for the same spelling. */
export const isoSql = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const PREVIEW_LENGTH = 160;

/** The first words of a message on one line, not cut through a character. */
export function preview(content: string): string {
  // The slice first: a message may be long, and only its beginning is looked at.
  const line = storable(content.slice(0, PREVIEW_LENGTH * 4))
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= PREVIEW_LENGTH) return line;
  const characters = [...line];
  return characters.length > PREVIEW_LENGTH ? `${characters.slice(0, PREVIEW_LENGTH - 1).join('')}…` : line;
}

/** `{"a","b"}`: an array as one element of an array of texts, for `x::text[]` in SQL. */
export const arrayLiteral = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
