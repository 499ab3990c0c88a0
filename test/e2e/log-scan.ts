/** Finds in logs what no log may contain (docs/design/reliability.md#a17), and errors that no code expected. */
import { TALKS } from '../../src/main/demo/data.ts';
import { MARK } from '../support/http/client.ts';

export interface Log {
  /** The source, e.g. `api` or `postgres`. */
  readonly of: string;
  readonly text: string;
}

const demo = TALKS.flatMap(({ name, userId, lines, note }) => [
  name,
  userId.slice(userId.indexOf('_') + 1),
  ...lines.map(([, text]) => text),
  ...(note === undefined ? [] : [note]),
]);

const PATTERNS: readonly (readonly [what: string, RegExp])[] = [
  ['text of a test', new RegExp(MARK)],
  ['phone number of a test', /628770\d{7}/],
  ['token', /eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['authorization', /bearer [\w.-]{8,}/i],
  ['signature', /sha256=[0-9a-f]{64}/],
  ['unhandled', /unhandledRejection|uncaughtException|ERR_UNHANDLED|Unhandled/],
  ['unforeseen', /unforeseen error/],
  ['leak', /MaxListenersExceededWarning/],
];

/** Other lines are what the demo prints for the person at the terminal, with its password, on purpose. */
const isLogLine = (line: string): boolean => line.startsWith('{');

/**
 * @param secrets passwords and tokens that were in use
 * @returns one line per finding: where, what, and the line it is in
 */
export function findings(logs: readonly Log[], secrets: Iterable<string>): readonly string[] {
  const words = [...secrets].filter((word) => word.length > 0);
  return logs.flatMap(({ of, text }) =>
    text.split('\n').flatMap((line) => {
      const found = PATTERNS.filter(([, pattern]) => pattern.test(line)).map(([what]) => what);
      if (demo.some((word) => line.includes(word))) found.push('demo talk');
      if ((isLogLine(line) || of !== 'program') && words.some((word) => line.includes(word)))
        found.push('secret');
      return found.map((what) => `${of}: ${what}: ${line.slice(0, 400)}`);
    }),
  );
}
