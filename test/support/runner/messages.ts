/** What the runner and its workers say to each other. One worker runs one file at a time. */
import type { MissingTool } from '../processes/tool.ts';
import type { TestServer } from '../stores/server.ts';

export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
  /** Processor time of the worker, and of the programs that it started and that ended; without the Postgres of the run. */
  readonly cpuMilliseconds: number;
  readonly programsMilliseconds: number;
  /** The tree of suites and tests, as mocha's `spec` reporter prints it. */
  readonly output: string;
  /** Each failure with its stack and its difference; empty when all passed. */
  readonly failures: string;
  readonly missingTools: readonly MissingTool[];
}

export type ToWorker =
  | { readonly kind: 'run'; readonly file: string }
  | { readonly kind: 'server'; readonly server: TestServer }
  | { readonly kind: 'build'; readonly folder: string }
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The file needs Postgres. The runner starts it for the first that asks. */
  | { readonly kind: 'server' }
  /** The file starts programs. The runner builds them for the first that asks. */
  | { readonly kind: 'build' }
  | { readonly kind: 'finished'; readonly result: FileResult };

/** How every worker runs: the same for all files. */
export interface WorkerOptions {
  /** Runs only tests whose full title matches. */
  readonly grep: string | undefined;
  readonly color: boolean;
  /** The folder of the build of the tests: each file is in its place there. */
  readonly built: string;
}
