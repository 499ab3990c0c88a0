/** Programs that tests use and npm does not bring, such as redis-server. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { processState } from '../process-state.ts';

export interface MissingTool {
  /** As it is called: `soffice`. */
  readonly program: string;
  /** The Debian package that has it: `libreoffice-calc-nogui`. */
  readonly debianPackage: string;
}

const state = processState<{ missing: MissingTool[] }>('missing tools', { missing: [] });

/** Tools that tests asked for in vain since the last call. The runner names them at the end of the run. */
export function takeMissingTools(): readonly MissingTool[] {
  return state.missing.splice(0);
}

/** Looks for the file only: some programs need a second to print their version. */
function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false; // not in this folder
    }
  });
}

/**
 * Skips the test when a program is not on the PATH. With CI=true, where everything is installed, that is a failure.
 * @param test `this` of the hook or test that asks
 */
export function needsTool(test: Mocha.Context, program: string, debianPackage: string): void {
  if (isOnPath(program)) return;
  const reason = `${program} is not on the PATH (Debian: apt-get install --no-install-recommends ${debianPackage})`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  state.missing.push({ program, debianPackage });
  console.log(`      skipped: ${reason}`);
  test.skip();
}
