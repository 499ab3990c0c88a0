/** Input against its schema: what fails is a 400 that names each bad field in Indonesian. */
import { z } from 'zod';
import { type Detail, HttpError } from './errors.ts';
import { refuseUnstorable } from './json-body.ts';

const MOST_DETAILS = 20;
const indonesian = z.locales.id().localeError;

const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text);

/** One detail per bad field; an unknown member is named itself, not its parent. */
function detailsOf(error: z.ZodError): Detail[] {
  return error.issues.slice(0, MOST_DETAILS).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .slice(0, MOST_DETAILS)
        .map((key) => ({ path: shorten([...path, key].join('.')), message: 'Isian tidak dikenal' }));
    }
    return [{ path: shorten(path.join('.')), message: shorten(issue.message) }];
  });
}

/** @throws HttpError VALIDATION_FAILED */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { error: indonesian });
  if (!parsed.success) throw new HttpError('VALIDATION_FAILED', detailsOf(parsed.error));
  return parsed.data;
}

/**
 * The query of `url`: a repeated parameter is a list, `tags[]=a` is `tags=a`. Without a prototype, so that
 * `?__proto__=x` is a name like any other (and then an unknown one).
 * @throws HttpError VALIDATION_FAILED on characters that no store can keep
 */
export function queryOf(url: string): Record<string, string | string[]> {
  const query = Object.create(null) as Record<string, string | string[]>;
  const start = url.indexOf('?');
  if (start < 0) return query;
  for (const [key, value] of new URLSearchParams(url.slice(start + 1))) {
    const isList = key.endsWith('[]');
    const name = isList ? key.slice(0, -2) : key;
    refuseUnstorable(name, value);
    const earlier = query[name];
    if (earlier === undefined) query[name] = isList ? [value] : value;
    else query[name] = Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  }
  return query;
}
