/** Runs specs in this process, as Mocha does, until one of them fails. */
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import type { Modules } from './modules.ts';

/** Specs that need no store: those of the domain and of the deciders. */
export const specFiles = (): readonly string[] =>
  ['test/domain', 'test/commands']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.store.test.ts'))
    .sort();

/** fast-check with the same few examples in every run, and no search for a smaller one: that it fails is enough. */
export const fewExamples = {
  default: {
    ...fc,
    assert: (property: fc.IRawProperty<unknown>) =>
      fc.assert(property, { seed: 1, numRuns: 50, endOnFailure: true }),
  },
};

// mocha wants a class to construct; this run reports nothing.
function Silent(): void {}

/** @returns the title of the test that failed first; null when all passed */
export async function firstFailure(modules: Modules, files: readonly string[]): Promise<string | null> {
  const mocha = new Mocha({ reporter: Silent as never, bail: true, timeout: 20_000 });
  let failure: string | null = null;
  try {
    for (const file of files) {
      mocha.suite.emit('pre-require', globalThis, file, mocha);
      modules.forget(file);
      modules.load(file);
    }
  } catch (error) {
    return `cannot be loaded: ${String(error)}`;
  }
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      // Mocha's listeners on the process would pile up.
      runner.dispose();
      resolve();
    });
    runner.on('fail', (test) => (failure ??= test.fullTitle()));
  });
  return failure;
}
