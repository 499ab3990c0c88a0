/** Processor time from /proc: what a program costs, also while other programs use the same cores. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux on all processors that Node runs on: USER_HZ. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Of itself and of those of its children that have ended. */
  readonly ticks: number;
}

function processOf(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, ofChildren, systemOfChildren] = fields.slice(11, 15).map(Number);
    return {
      pid,
      parent: Number(fields[1]),
      ticks: (user ?? 0) + (system ?? 0) + (ofChildren ?? 0) + (systemOfChildren ?? 0),
    };
  } catch {
    // It has ended meanwhile; its parent has its time.
    return undefined;
  }
}

/** @returns seconds of user and system time that this process and all below it have taken so far */
export function processorSeconds(root: number): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
  const below = new Set([root]);
  // A parent may have a higher number than its child.
  for (let before = 0; before < below.size;) {
    before = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  const ticks = all.filter(({ pid }) => below.has(pid)).reduce((sum, one) => sum + one.ticks, 0);
  return ticks / TICKS_PER_SECOND;
}
