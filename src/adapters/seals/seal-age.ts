/** How old the newest seal is, for monitoring: the signature is not verified (`npm run doctor` does). */
import type { Clock } from '../../ports.ts';
import { timeOfSeal } from './seal-file.ts';
import type { SealFolder } from './seal-folder.ts';

/** @returns the age in seconds; while there is no seal, the time since this was created. A file that is no seal has no age: NaN. */
export function createSealAge(folder: SealFolder, clock: Clock): () => Promise<number> {
  const began = clock.now().getTime();
  let known = { number: 0, at: began };
  return async () => {
    const number = (await folder.numbers()).at(-1) ?? 0;
    if (number !== known.number)
      known = { number, at: number === 0 ? began : await timeOfSeal(await folder.read(number)) };
    return (clock.now().getTime() - known.at) / 1000;
  };
}
