/** docs/generated/configuration.md: every variable of the environment, from `src/config/variables.ts`. */
import { GENERATED_SECRETS } from '../../src/config.ts';
import type { Variable } from '../../src/channels/settings.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { code, document, table } from './markdown.ts';

const generated: readonly string[] = GENERATED_SECRETS;

const defaultOf = (name: string, { default: text }: Variable<unknown>): string => {
  if (generated.includes(name)) return 'made for you without `DATABASE_URL`; required with it';
  if (text === undefined) return 'unset';
  return text === '' ? 'empty' : code(text);
};

export const configuration = (path: string): Promise<string> =>
  document(path, [
    '# Configuration',
    'Every variable of the environment that the product reads; it refuses to start with one that it cannot use, and says which. ' +
      '`.env.example` has them with their defaults. A line that is empty means: not set. Values marked secret are never shown ' +
      'or logged.',
    table(
      ['variable', 'default', 'secret', 'what it is'],
      Object.entries<Variable<unknown>>(VARIABLES).map(([name, variable]) => [
        code(name),
        defaultOf(name, variable),
        variable.secret ? 'yes' : '',
        variable.about,
      ]),
    ),
  ]);
