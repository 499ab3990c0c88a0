/** The environment, read and checked once at the start. Nothing else reads process.env. */
import { join, resolve } from 'node:path';
import { channelContradictions } from './channels/config.ts';
import { isHere, isPrivate } from './config/encrypted.ts';
import { type ConfigValues, type VariableName, VARIABLES } from './config/variables.ts';

export { VARIABLES } from './config/variables.ts';

/** Names every wrong variable and what it must be. Values are not shown: they may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly { readonly variable: VariableName; readonly expected: string }[]) {
    const lines = problems.map(({ variable, expected }) => `  ${variable} ${expected}`);
    super(`The configuration cannot be used (see .env.example):\n${lines.join('\n')}`);
  }
}

/** Secrets that the program generates when there is no DATABASE_URL (`adapters/security/secrets.ts`). */
export const GENERATED_SECRETS = [
  'JWT_SECRET',
  'BLIND_INDEX_KEY',
  'MASTER_KEY',
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_VERIFY_TOKEN',
  'EXTERNAL_BOT_SECRET',
] as const;
export type GeneratedSecret = (typeof GENERATED_SECRETS)[number];

export type Config = Omit<ConfigValues, 'FILES_DIR' | 'DATA_DIR'> & {
  /** Absolute. */
  readonly DATA_DIR: string;
  /** Absolute. */
  readonly FILES_DIR: string;
};

type Problem = ConfigError['problems'][number];

function read(env: Readonly<Record<string, string | undefined>>): {
  values: ConfigValues;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES)) {
    // `NAME=` in a .env file means: not set.
    const text = env[name]?.trim() || ('default' in variable ? variable.default : undefined);
    if (text === undefined) continue;
    const result = variable.read.safeParse(text);
    if (result.success) values[name] = result.data;
    else
      problems.push({
        variable: name as VariableName,
        expected: result.error.issues[0]?.message ?? 'is wrong',
      });
  }
  return { values: values as ConfigValues, problems };
}

/** Names and messages of customers go there: nobody on the way may read them. */
const PLAIN =
  'is on another machine and needs TLS (sslmode=verify-full, or rediss://); in a network that nobody else is in: ALLOW_PLAIN_CONNECTIONS=true';
/** clamd knows no TLS. */
const PLAIN_SCANNER =
  'is on another machine, and clamd sends files in clear; in a network that nobody else is in: ALLOW_PLAIN_CONNECTIONS=true';
/** The default password of EventStoreDB, which everybody knows. */
const DEFAULT_PASSWORD = /:changeit@/;
const LOOPBACK = /@(localhost|127(\.\d+){3}|\[::1\])(:\d+)?([/?,]|$)/;

function contradictions(env: Readonly<Record<string, string | undefined>>, values: ConfigValues): Problem[] {
  const problems: Problem[] = [];
  const url = values.EVENTSTORE_URL;
  if (url !== undefined && DEFAULT_PASSWORD.test(url) && !LOOPBACK.test(url)) {
    problems.push({
      variable: 'EVENTSTORE_URL',
      expected: 'must not use the default password on another machine',
    });
  }
  problems.push(...channelContradictions(values));
  const vapid = ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT'] as const;
  if (vapid.some((name) => values[name] !== undefined)) {
    for (const variable of vapid) {
      if (!env[variable]?.trim())
        problems.push({ variable, expected: 'is required with the other VAPID variables' });
    }
  }
  if (!values.ALLOW_PLAIN_CONNECTIONS) {
    for (const variable of ['DATABASE_URL', 'MIGRATE_DATABASE_URL', 'REDIS_URL'] as const) {
      const address = values[variable];
      if (address !== undefined && !isPrivate(address)) problems.push({ variable, expected: PLAIN });
    }
    if (values.CLAMD_ADDRESS !== undefined && !isHere(values.CLAMD_ADDRESS))
      problems.push({ variable: 'CLAMD_ADDRESS', expected: PLAIN_SCANNER });
  }
  if (values.LLM_PROVIDER !== undefined)
    for (const variable of ['LLM_API_KEY', 'LLM_MODEL'] as const)
      if (values[variable] === undefined)
        problems.push({ variable, expected: 'is required with LLM_PROVIDER' });
  if (values.DATABASE_URL === undefined) return problems;
  for (const variable of GENERATED_SECRETS) {
    // A value that is set and wrong is in the list already.
    if (!env[variable]?.trim()) problems.push({ variable, expected: 'is required when DATABASE_URL is set' });
  }
  return problems;
}

/**
 * @param environment default: the environment of this process
 * @param defaults replace the usual defaults of variables that `environment` does not set
 * @throws ConfigError naming every variable that cannot be used
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  defaults: Readonly<Partial<Record<VariableName, string>>> = {},
): Config {
  const env = { ...defaults, ...environment };
  const { values, problems } = read(env);
  const all = [...problems, ...contradictions(env, values)];
  if (all.length > 0) throw new ConfigError(all);
  const dataDir = resolve(values.DATA_DIR);
  return { ...values, DATA_DIR: dataDir, FILES_DIR: resolve(values.FILES_DIR ?? join(dataDir, 'files')) };
}
