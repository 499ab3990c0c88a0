/** Node, configuration, secrets, disk: what can be looked at without any store. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, GENERATED_SECRETS, readConfig } from '../../src/config.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';

const OLDEST_NODE = [20, 19] as const;

export function nodeVersion(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return old
    ? problem('node', `Node ${version} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`)
    : ok('node', `Node ${version}`);
}

/** @returns no configuration when it cannot be used: then nothing else can be looked at */
export function configuration(): { readonly config: Config | null; readonly findings: readonly Finding[] } {
  try {
    return { config: readConfig(), findings: [ok('configuration', 'every variable can be used')] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map(({ variable, expected }) =>
      problem('configuration', `${variable} ${expected}.`, `Set ${variable} as .env.example says.`),
    );
    return { config: null, findings };
  }
}

/** Whether they are there; never what they are. Makes none. */
export function secrets(config: Config): readonly Finding[] {
  const file = join(config.DATA_DIR, 'secrets.json');
  const missing = GENERATED_SECRETS.filter((name) => config[name] === undefined);
  if (missing.length === 0) return [ok('secrets', 'all are set in the environment')];
  if (!existsSync(file))
    return [
      warning(
        'secrets',
        `${file} is not there.`,
        'The first npm start makes it. Had there been one, put it back from its backup.',
      ),
    ];
  let kept: Readonly<Record<string, string>>;
  try {
    kept = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [
      problem(
        'secrets',
        `${file} is damaged.`,
        'Put it back from its backup: with new secrets customers are not found again.',
      ),
    ];
  }
  const found: Finding[] = [];
  const open = statSync(file).mode & 0o077;
  if (open !== 0) found.push(warning('secrets', `${file} can be read by others.`, `chmod 600 ${file}`));
  const absent = missing.filter((name) => kept[name] === undefined);
  if (absent.length > 0)
    found.push(
      warning('secrets', `${file} lacks ${absent.join(', ')}.`, 'The next npm start makes what is missing.'),
    );
  return found.length > 0 ? found : [ok('secrets', `in ${file}, readable by its owner only`)];
}

const MIB = 1024 * 1024;
/** Postgres stops before the last byte is used, and exports need room too. */
const FULL_BYTES = 256 * MIB;
const LOW_SHARE = 0.1;

/** @param room for tests: default what the file system says */
export function disk(check: string, folder: string): Finding {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const probe = join(there, `.saga-doctor-${randomUUID()}`);
  try {
    writeFileSync(probe, Buffer.alloc(4096));
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    return problem(
      check,
      full ? `The disk of ${folder} is full.` : `Nobody can write to ${there} (${reasonOf(error)}).`,
      full
        ? `Make room on the disk of ${folder}, or move it (DATA_DIR, FILES_DIR).`
        : `Give this user the right to write to ${there}.`,
    );
  } finally {
    rmSync(probe, { force: true });
  }
  const { bavail, blocks, bsize } = statfsSync(there);
  const [free, all] = [bavail * bsize, blocks * bsize];
  const says = `${String(Math.round(free / MIB))} MiB free on the disk of ${folder}`;
  const todo = `Make room on the disk of ${folder}, or move it (DATA_DIR, FILES_DIR).`;
  if (free < FULL_BYTES) return problem(check, `Only ${says}.`, todo);
  return free < all * LOW_SHARE ? warning(check, `Only ${says}.`, todo) : ok(check, says);
}

/** Is the program there, and what does it say of itself? */
export async function program(config: Config): Promise<readonly Finding[]> {
  if (!config.RUN.has('api')) return [ok('program', 'this configuration serves no API')];
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${String(config.PORT)}/readyz`;
  // Loopback is told everything; an address of another kind only with the token.
  const headers = config.OPS_TOKEN === undefined ? {} : { authorization: `Bearer ${config.OPS_TOKEN}` };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (answer === null)
    return [
      warning(
        'program',
        `Nobody answers on ${url}.`,
        'npm start, if it should run. All below is without it.',
      ),
    ];
  const body = (await answer.json().catch(() => null)) as {
    error?: { code?: string; details?: readonly { path: string; message: string }[] };
  } | null;
  if (answer.status === 200) return [ok('program', 'it is ready for requests')];
  const details = body?.error?.details ?? [];
  if (details.length === 0 && body?.error?.code === 'NOT_READY')
    return [
      problem(
        'program',
        'It is not ready.',
        'See below; with OPS_TOKEN set it says why on this address too.',
      ),
    ];
  if (details.length === 0)
    return [
      problem(
        'program',
        `${url} answers ${String(answer.status)}.`,
        'Is another program on this port? Set PORT.',
      ),
    ];
  return details.map(({ path, message }) =>
    problem('program', `It is not ready: ${path}: ${message}.`, 'See below; else its log says more.'),
  );
}
