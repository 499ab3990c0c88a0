import { spawnSync } from 'node:child_process';

/**
 * For a test that looks through a program which npm does not bring: without it the test is skipped with a printed
 * reason; in CI, which installs it, that is a failure.
 * @param test `this` of the hook or test that asks
 * @param version how the program is asked for its version
 */
export function needsTool(test: Mocha.Context, program: string, debian: string, version = '--version'): void {
  if (!spawnSync(program, [version]).error) return;
  const reason = `${program} is not on the PATH (Debian: apt-get install --no-install-recommends ${debian})`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.log(`      skipped: ${reason}`);
  test.skip();
}
