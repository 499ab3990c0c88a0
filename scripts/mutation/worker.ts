/** One of the processes of a mutation run: takes mutants from its parent and says what became of each. */
import { readFileSync } from 'node:fs';
import { createModules } from './modules.ts';
import { type Mutant, mutated } from './mutants.ts';
import { fewExamples, firstFailure, specFiles } from './specs.ts';

const modules = createModules({ 'fast-check': fewExamples });
const specs = specFiles();
for (const spec of specs) await modules.prepare(spec);
const reaches = new Map(specs.map((spec) => [spec, modules.reach(spec)] as const));

/** The specs that import the file, the nearest first: they notice most, and a run ends with the first failure. */
const specsOf = (file: string): readonly string[] =>
  specs
    .filter((spec) => reaches.get(spec)?.has(file))
    .sort((a, b) => (reaches.get(a)?.get(file) ?? 0) - (reaches.get(b)?.get(file) ?? 0));

async function killedBy(mutant: Mutant): Promise<string | null> {
  const { file } = mutant;
  modules.replace(file, mutated(readFileSync(file, 'utf8'), mutant));
  try {
    // A spec at a time: most mutants are noticed by the first, and the others are not even loaded.
    for (const spec of specsOf(file)) {
      const failure = await firstFailure(modules, [spec]);
      if (failure !== null) return failure;
    }
    return null;
  } finally {
    modules.replace(file, null);
  }
}

const failure = await firstFailure(modules, specs);
if (failure !== null) throw new Error(`without a mutant, this fails: ${failure}`);

// Without its parent it has nobody to work for.
process.on('disconnect', () => process.exit());
process.on('message', (mutant: Mutant) => {
  void killedBy(mutant).then((by) => process.send?.({ killedBy: by }));
});
process.send?.('ready');
