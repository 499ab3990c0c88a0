/** Statements whose text depends on what is asked: each text gets a name of its own, so that it is prepared once. */
import { createHash } from 'node:crypto';
import type { Statement } from '../../ports.ts';
import { assembled } from './statement.ts';

const names = new Map<string, string>();

/** More shapes than any dashboard asks for; beyond, statements are no longer prepared. */
const MOST_NAMES = 2_000;

/**
 * @param kind what the names of these statements begin with
 * @param text put together from pieces; `Row` must be made of the types of the tables, as for `assembled`
 */
export function named<Row extends object>(
  kind: string,
  text: string,
  values: readonly unknown[],
): Statement<Row> {
  let name = names.get(text);
  if (name === undefined && names.size < MOST_NAMES) {
    name = `${kind}_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    names.set(text, name);
  }
  return assembled(name ?? null, text, values);
}
