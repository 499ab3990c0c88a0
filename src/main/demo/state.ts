/** What the demo keeps next to its data, so that the next start knows how far it is. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../../config.ts';

const state = z.object({
  password: z.string(),
  /** Who was given an account. Absent: those of the version that made these data. */
  accounts: z.array(z.string()).optional(),
  /** The talks of the first day are there. */
  seeded: z.boolean(),
  /** The past: when it ends, how many customers it has, and whether all of it is written. Absent: this demo has none. */
  history: z.object({ until: z.iso.datetime(), talks: z.int(), done: z.boolean() }).optional(),
});
export type DemoState = z.infer<typeof state>;

const fileOf = (config: Config): string => join(config.DATA_DIR, 'demo.json');

/** The state of these data; of a fresh folder, one with a new password. */
export function readState(config: Config): DemoState {
  const file = fileOf(config);
  if (existsSync(file)) return state.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { password: config.DEMO_PASSWORD ?? randomBytes(9).toString('base64url'), seeded: false };
}

/** Whole or not at all: without the password of the first start nobody signs in. */
export function writeState(config: Config, demo: DemoState): void {
  const file = fileOf(config);
  writeFileSync(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
