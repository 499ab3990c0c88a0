import type { Leases } from '../../ports.ts';

/** Background work of a process. */
export interface Job {
  /** Works until `signal` aborts; resolves when what was begun is finished. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * A job that one process of the installation does at a time: the one that holds the lease `name`. The others wait for it.
 * @param work must end when its signal aborts (shutdown, or the lease is lost); an error gives the lease back, and
 *   the process that gets it next starts `work` again
 */
export const runWhileLeader = (
  leases: Leases,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): Job => ({ run: (signal) => leases.hold(name, signal, (lease) => work(lease.signal)) });
