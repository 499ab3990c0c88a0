/** What the run prints: each file when it is done, and at the end all that a person or CI must know. */
import type { FileResult } from './messages.ts';

const SLOWEST_SHOWN = 10;
const SLOW_FROM_MS = 5_000;

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

const times = ({ milliseconds, cpuMilliseconds, programsMilliseconds }: FileResult): string =>
  `${seconds(milliseconds)}, ${seconds(cpuMilliseconds)} CPU${
    programsMilliseconds > 0 ? ` and ${seconds(programsMilliseconds)} in programs` : ''
  }`;

export function printFile(result: FileResult): void {
  const { file, output, failures } = result;
  console.log(`\n${file} (${times(result)})\n${output.trim()}`);
  if (failures) console.log(`\n${failures}`);
}

function printMissingTools(results: readonly FileResult[]): void {
  const filesOf = new Map<string, Set<string>>();
  const packages = new Set<string>();
  for (const { file, missingTools } of results) {
    for (const { program, debianPackage } of missingTools) {
      packages.add(debianPackage);
      filesOf.set(program, (filesOf.get(program) ?? new Set()).add(file));
    }
  }
  if (packages.size === 0) return;
  console.log('\nSkipped, because a program is not installed:');
  for (const [program, files] of filesOf) console.log(`  ${program}: ${[...files].join(', ')}`);
  console.log(`Install: sudo apt-get install --no-install-recommends ${[...packages].join(' ')}`);
}

/** The last line is `N passed, N failed` or `N passed, N failed, N skipped`, alone: CI reads it. */
export function printSummary(results: readonly FileResult[], milliseconds: number): void {
  const slow = results
    .filter((one) => one.milliseconds >= SLOW_FROM_MS)
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, SLOWEST_SHOWN);
  if (slow.length > 0) console.log('\nThe slowest files:');
  for (const one of slow) console.log(`  ${one.file}: ${times(one)}`);

  const failed = results.filter((one) => one.failures);
  if (failed.length > 0) console.log('\nFailures:');
  for (const one of failed) console.log(`\n${one.file}\n${one.failures}`);

  console.log(`\n${String(results.length)} files in ${seconds(milliseconds)}`);
  printMissingTools(results);
  const sum = (of: 'passed' | 'failed' | 'skipped'): number =>
    results.reduce((total, one) => total + one[of], 0);
  const skipped = sum('skipped') > 0 ? `, ${String(sum('skipped'))} skipped` : '';
  console.log(`${String(sum('passed'))} passed, ${String(sum('failed'))} failed${skipped}`);
}
