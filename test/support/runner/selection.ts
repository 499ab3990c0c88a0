/** From the words after `npm test --` to test files. */
import { readdirSync } from 'node:fs';
import { normalize } from 'node:path';
import { parseArgs } from 'node:util';

export interface Selection {
  /** As `test/http/staff/auth.test.ts`, in the order of their names. */
  readonly files: readonly string[];
  readonly grep: string | undefined;
  /** How many processes share the work; undefined leaves it to the runner. */
  readonly jobs: number | undefined;
}

/** `npm run test:faults` runs these: they stop and fill and kill what the product depends on. */
const FAULTS = 'test/faults/';
/** `npm run test:web` runs these: a browser takes the whole machine. */
const SCREENS = 'test/web/screens/';

const USAGE = `usage: npm test                      everything but test/faults and test/web/screens
       npm test -- <area>...        e.g. tickets: all tests in folders of that name
       npm test -- <path>...        e.g. test/http/staff, test/house.test.ts
       options: --grep <text>  only tests whose title matches;  --jobs <n>  processes`;

export class UsageError extends Error {}

const allFiles = (): readonly string[] =>
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .toSorted();

function filesFor(word: string, all: readonly string[]): readonly string[] {
  const isPath = word.includes('/') || word.endsWith('.test.ts');
  const path = normalize(word).replaceAll('\\', '/').replace(/\/$/, '');
  const found = isPath
    ? all.filter((file) => file === path || file.startsWith(`${path}/`))
    : all.filter((file) =>
        file
          .split('/')
          .slice(1)
          .some((part) => part === word || part === `${word}.test.ts`),
      );
  if (found.length > 0) return found;
  const areas = new Set(all.flatMap((file) => file.split('/').slice(1, -1)));
  throw new UsageError(`No test file for "${word}". Areas: ${[...areas].toSorted().join(', ')}\n${USAGE}`);
}

/**
 * @param args as after `npm test --`
 * @throws UsageError for an unknown option, or a word that no test file fits
 */
export function selectionOf(args: readonly string[]): Selection {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { grep: { type: 'string', short: 'g' }, jobs: { type: 'string', short: 'j' } },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0)) {
    throw new UsageError(`--jobs takes a whole number above 0\n${USAGE}`);
  }
  const all = allFiles();
  const files =
    positionals.length === 0
      ? all.filter((file) => !file.startsWith(FAULTS) && !file.startsWith(SCREENS))
      : [...new Set(positionals.flatMap((word) => filesFor(word, all)))];
  return { files, grep: values.grep, jobs };
}
