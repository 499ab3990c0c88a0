import type { EventStore } from '../../src/ports.ts';
import { appendContract } from './event-store-append.ts';
import { readContract } from './event-store-read.ts';
import { subscribeContract } from './event-store-subscribe.ts';

/** One store under test, and what can be done to it from outside. */
export interface EventStoreHarness {
  readonly store: EventStore;
  /** Another client of the same data, as a second process would have. The suite closes it. */
  secondClient(): Promise<EventStore>;
  /** Breaks every connection, with or without a moment of absence. */
  interrupt(): Promise<void>;
  /** Writes an event whose data is not what anybody's codec expects, past our adapter. */
  writeMalformed(stream: string): Promise<void>;
  /** Begins an append and holds it open before its commit; the function returned commits it. */
  holdAppendOpen(stream: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** Which of them this store lets us do: only a store with transactions can hold one open, for instance. */
export type Abilities = { readonly [Name in 'interrupt' | 'writeMalformed' | 'holdAppendOpen']: boolean };

/**
 * What every event store must do (docs/design/architecture.md#contract-suite). Works on a store that has events in it
 * already: each test uses streams of its own and follows from the head it found.
 */
export function eventStoreContract(
  name: string,
  can: Abilities,
  createHarness: () => Promise<Omit<EventStoreHarness, keyof Abilities> & Partial<EventStoreHarness>>,
): void {
  describe(`event store contract: ${name}`, () => {
    let harness: EventStoreHarness | undefined;

    before(async function () {
      this.timeout(60_000);
      harness = {
        interrupt: impossible,
        writeMalformed: impossible,
        holdAppendOpen: impossible,
        ...(await createHarness()),
      };
    });
    after(() => harness?.stop());

    const get = (): EventStoreHarness => {
      if (!harness) throw new Error('no harness');
      return harness;
    };
    appendContract(get);
    readContract(get);
    subscribeContract(get, can);
  });
}

function impossible(): never {
  throw new Error('the harness says that it cannot do this');
}
