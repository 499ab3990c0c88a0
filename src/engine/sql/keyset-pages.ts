/** Cursors: opaque to the client, checked when they come back. */
import type { Position } from '../../ports.ts';

/** A cursor that this program did not make, or made for another list. HTTP: 400. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}

/** @param list keeps a cursor of one list from being used on another */
export const writeCursor = (list: string, parts: readonly string[]): string =>
  Buffer.from(JSON.stringify([list, ...parts])).toString('base64url');

/**
 * @param shapes what each part must look like
 * @throws InvalidCursor
 */
export function readCursor(list: string, cursor: string, shapes: readonly RegExp[]): readonly string[] {
  let found: unknown;
  try {
    found = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new InvalidCursor('not a cursor');
  }
  if (!Array.isArray(found) || found[0] !== list || found.length !== shapes.length + 1)
    throw new InvalidCursor(`not a cursor of ${list}`);
  return shapes.map((shape, index) => {
    const part: unknown = found[index + 1];
    if (typeof part !== 'string' || !shape.test(part)) throw new InvalidCursor(`not a cursor of ${list}`);
    return part;
  });
}

const POSITION = /^[\x21-\x7e]{1,200}$/;
/** Sorts behind every position: where a list begins that shows the newest first. */
export const BEHIND_ALL: Position = '~';

/** For lists in the order of the store. @returns the position of the last row shown; undefined: the first page is wanted. @throws InvalidCursor */
export const readPlace = (list: string, cursor: string | undefined): Position | undefined =>
  cursor === undefined ? undefined : readCursor(list, cursor, [POSITION])[0];

/**
 * Cuts what was read to one page.
 * @param rows one more than `limit` were asked for: the extra row shows that there is another page
 */
export function pageOf<Row extends { readonly position: Position }>(
  list: string,
  rows: readonly Row[],
  limit: number,
): { readonly page: readonly Row[]; readonly nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last ? writeCursor(list, [last.position]) : null };
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
