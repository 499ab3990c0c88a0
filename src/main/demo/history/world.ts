/**
 * The time of the demo's past: what people do, in the order in which it happened. Each course of events is a generator
 * that yields the moment (ms since 1970) until which nothing happens in it; the world lets the earliest one go on.
 */
import type { Clock } from '../../../ports.ts';

export type Course = AsyncGenerator<number, void, void>;

interface Waiting {
  readonly at: number;
  /** What began to wait first goes on first. */
  readonly nr: number;
  readonly thread: string;
  readonly course: Course;
}

export interface World {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  now(): number;
  /** Whose course goes on now: what belongs together keeps its order when it is written. */
  thread(): string;
  begin(thread: string, at: number, course: Course): void;
  /** Time goes on within one step: what else happens meanwhile is written after it. */
  pass(ms: number): void;
  /** Lets everything happen up to `until`. What would happen later never does. @param passed told how far it is, 0 to 1 */
  run(until: number, passed?: (share: number) => Promise<void>): Promise<void>;
}

const before = (a: Waiting, b: Waiting): boolean => a.at < b.at || (a.at === b.at && a.nr < b.nr);

/** The earliest of many, without sorting them all each time. */
function createQueue() {
  const heap: Waiting[] = [];
  const at = (place: number): Waiting => heap[place] as Waiting;
  function swap(a: number, b: number): void {
    [heap[a], heap[b]] = [at(b), at(a)];
  }
  return {
    get size() {
      return heap.length;
    },
    add(one: Waiting): void {
      heap.push(one);
      for (let place = heap.length - 1; place > 0;) {
        const parent = (place - 1) >> 1;
        if (!before(at(place), at(parent))) break;
        swap(place, parent);
        place = parent;
      }
    },
    take(): Waiting | undefined {
      const first = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let place = 0; ;) {
        const [left, right] = [2 * place + 1, 2 * place + 2];
        let least = place;
        if (left < heap.length && before(at(left), at(least))) least = left;
        if (right < heap.length && before(at(right), at(least))) least = right;
        if (least === place) return first;
        swap(place, least);
        place = least;
      }
    },
  };
}

export function createWorld(start: number): World {
  const queue = createQueue();
  let now = start;
  let thread = '';
  let nr = 0;
  const begin = (of: string, at: number, course: Course): void => {
    nr += 1;
    queue.add({ at: Math.max(at, now), nr, thread: of, course });
  };
  return {
    clock: { now: () => new Date(now) },
    now: () => now,
    thread: () => thread,
    begin,
    pass: (ms) => {
      now += ms;
    },
    run: async (until, passed) => {
      for (let steps = 0; ; steps += 1) {
        const one = queue.take();
        if (one === undefined || one.at > until) break;
        if (steps % 500 === 0) await passed?.((now - start) / (until - start));
        now = one.at;
        thread = one.thread;
        const { done, value } = await one.course.next();
        if (done !== true) begin(one.thread, value, one.course);
      }
      now = until;
      thread = '';
    },
  };
}
