/** Programs that tests use and npm does not bring, such as redis-server. */
import { spawnSync } from 'node:child_process';

export interface MissingTool {
  /** As it is called: `soffice`. */
  readonly program: string;
  /** The Debian package that has it: `libreoffice-calc-nogui`. */
  readonly debianPackage: string;
}

let missing: MissingTool[] = [];

/** Tools that tests asked for in vain since the last call. The runner names them at the end of the run. */
export function takeMissingTools(): readonly MissingTool[] {
  const taken = missing;
  missing = [];
  return taken;
}

/**
 * Skips the test when a program is not on the PATH. With CI=true, where everything is installed, that is a failure.
 * @param test `this` of the hook or test that asks
 * @param version the argument that makes the program print its version
 */
export function needsTool(
  test: Mocha.Context,
  program: string,
  debianPackage: string,
  version = '--version',
): void {
  if (!spawnSync(program, [version]).error) return;
  const reason = `${program} is not on the PATH (Debian: apt-get install --no-install-recommends ${debianPackage})`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  missing.push({ program, debianPackage });
  console.log(`      skipped: ${reason}`);
  test.skip();
}
