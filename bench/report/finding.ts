/** Input and result of a bench: figures of several rounds, with a limit measured in the same rounds. */
import type { Logger } from '../../src/ports.ts';
import type { BenchServer } from '../processes/postgres.ts';

export interface Setting {
  readonly server: BenchServer;
  /** How often limit and product are measured, one after the other. */
  readonly rounds: number;
  /** Shares of the usual amount of work: 1, or less with `--quick`. */
  readonly size: number;
  readonly log: Logger;
  /** Prints what is being measured, for the person who waits. */
  readonly say: (what: string) => void;
}

/** `of`: the ratio of measured to limit, or the measured figure itself. */
export type Bar = { readonly of: 'ratio' | 'value' } & (
  { readonly atLeast: number } | { readonly atMost: number }
);

export interface Finding {
  readonly what: string;
  readonly unit: '/s' | 'ms' | 'rows' | '';
  /** One figure per round. */
  readonly measured: readonly number[];
  /** In the same rounds, in the same order. */
  readonly limit?: { readonly what: string; readonly measured: readonly number[] };
  /** docs/design/architecture.md#quality-bars; without one the figure only explains the others. */
  readonly bar?: Bar;
  /** The details of the figure, printed as a table of their own. */
  readonly details?: Details;
}

export interface Details {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Leaves nothing behind on the server but databases. */
export type Bench = (setting: Setting) => Promise<readonly Finding[]>;

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Ratios are made within a round: the machine's mood cancels out. */
export const ratiosOf = ({ measured, limit }: Finding): readonly number[] =>
  limit ? measured.map((value, round) => value / (limit.measured[round] ?? Number.NaN)) : [];

/** @returns undefined for a figure without a bar */
export function isMet(finding: Finding): boolean | undefined {
  const { bar } = finding;
  if (!bar) return undefined;
  const value = median(bar.of === 'ratio' ? ratiosOf(finding) : finding.measured);
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}
