/** Input against its schema: what fails is a 400 that names each bad field in Indonesian. */
import type { z } from 'zod';
import { parseInput, problem, problemsOf } from '../../domain/problems.ts';
import { HttpError } from './errors.ts';
import { MOST_DETAILS } from './envelope.ts';
import { refuseUnstorable } from './json-body.ts';

const MOST_PARAMETERS = 100;

/** @throws HttpError VALIDATION_FAILED */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = parseInput(schema, value);
  if (!parsed.success) throw new HttpError('VALIDATION_FAILED', problemsOf(parsed.error, MOST_DETAILS));
  return parsed.data;
}

/**
 * The query of `url`: a repeated parameter is a list, `tags[]=a` is `tags=a`. Without a prototype, so that
 * `?__proto__=x` is a name like any other (and then an unknown one).
 * @throws HttpError VALIDATION_FAILED on characters that no store can keep, and on more than 100 parameters
 */
export function queryOf(url: string): Record<string, string | string[]> {
  const query = Object.create(null) as Record<string, string | string[]>;
  const start = url.indexOf('?');
  if (start < 0) return query;
  const parameters = new URLSearchParams(url.slice(start + 1));
  // A long list is copied each time one more is added to it (docs/design/reliability.md#floods).
  if (parameters.size > MOST_PARAMETERS)
    throw new HttpError('VALIDATION_FAILED', [
      problem('', 'TOO_MANY', 'Parameter terlalu banyak', { maximum: MOST_PARAMETERS }),
    ]);
  for (const [key, value] of parameters) {
    const isList = key.endsWith('[]');
    const name = isList ? key.slice(0, -2) : key;
    refuseUnstorable(name, value);
    const earlier = query[name];
    if (earlier === undefined) query[name] = isList ? [value] : value;
    else query[name] = Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  }
  return query;
}
