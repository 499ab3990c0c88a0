/**
 * `npm run test:mutation -- [folder or file ...]`: changes the deciders and the rules of the domain in one place at a
 * time, and asks whether a spec notices (docs/testing.md). Ends after 20 minutes, finished or not.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutantsOf } from './mutants.ts';

const MINUTES = 20;
/** A mutant that runs for so long does not come to an end: the specs noticed. */
const ENDLESS_MS = 20_000;
const WANTED_PERCENT = 90;
const REPORT = '.tmp/mutation.json';

type Outcome = { readonly mutant: Mutant; readonly killedBy: string | null };

const sources = (wanted: readonly string[]): readonly string[] =>
  ['src/domain', 'src/commands']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter(
      (file) => file.endsWith('.ts') && (wanted.length === 0 || wanted.some((one) => file.startsWith(one))),
    )
    .sort();

const startWorker = (): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('worker.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
    child.once('message', () => {
      child.removeAllListeners();
      resolve(child);
    });
    child.once('exit', (code) => {
      reject(new Error(`a worker ended with ${String(code)}`));
    });
  });

function ask(child: ChildProcess, mutant: Mutant): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      end();
    };
    const timer = setTimeout(() => {
      settle(() => {
        resolve('endless');
      });
    }, ENDLESS_MS);
    child.once('message', ({ killedBy }: { killedBy: string | null }) => {
      settle(() => {
        resolve(killedBy);
      });
    });
    child.once('exit', (code) => {
      settle(() => {
        reject(new Error(`a worker ended with ${String(code)} at ${mutant.file}:${String(mutant.line)}`));
      });
    });
    child.send(mutant);
  });
}

async function work(queue: Mutant[], outcomes: Outcome[], until: number): Promise<void> {
  let child = await startWorker();
  try {
    for (let mutant = queue.shift(); mutant && Date.now() < until; mutant = queue.shift()) {
      const killedBy = await ask(child, mutant);
      outcomes.push({ mutant, killedBy });
      if (killedBy === 'endless') {
        child.kill('SIGKILL');
        child = await startWorker();
      }
      if (outcomes.length % 250 === 0)
        console.log(`${String(outcomes.length)} done, ${String(queue.length)} left`);
    }
  } finally {
    child.kill();
  }
}

const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(1);

function report(outcomes: readonly Outcome[], left: number): void {
  const survivors = outcomes.filter(({ killedBy }) => killedBy === null).map(({ mutant }) => mutant);
  for (const { file, line, original, replacement } of survivors)
    console.log(`survives  ${file}:${String(line)}  ${shown(original)}  ->  ${shown(replacement)}`);
  for (const folder of ['src/domain', 'src/commands']) {
    const own = outcomes.filter(({ mutant }) => mutant.file.startsWith(folder));
    const killed = own.filter(({ killedBy }) => killedBy !== null).length;
    console.log(
      `${folder}: ${String(killed)} of ${String(own.length)} killed, ${percent(killed, own.length)} %`,
    );
  }
  if (left > 0) console.log(`${String(left)} were not tried: the time was over`);
  mkdirSync('.tmp', { recursive: true });
  writeFileSync(REPORT, JSON.stringify({ survivors, left, outcomes }, null, 2));
  const share = 100 * (1 - survivors.length / Math.max(1, outcomes.length));
  if (left > 0 || share < WANTED_PERCENT) process.exitCode = 1;
}

const shown = (text: string): string => {
  const oneLine = text.replace(/\s+/g, ' ');
  return oneLine.length > 60 ? `${oneLine.slice(0, 57)}...` : oneLine;
};

const began = Date.now();
const queue = sources(process.argv.slice(2)).flatMap((file) => [
  ...mutantsOf(file, readFileSync(file, 'utf8')),
]);
console.log(`${String(queue.length)} mutants`);
const outcomes: Outcome[] = [];
const workers = Math.max(1, Math.min(2, availableParallelism()));
await Promise.all(Array.from({ length: workers }, () => work(queue, outcomes, began + MINUTES * 60_000)));
report(outcomes, queue.length);
console.log(`${String(Math.round((Date.now() - began) / 1000))} s, survivors in ${REPORT}`);
