import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { streamDeleted } from './append.ts';
import { isTombstoned, visibleOf } from './deletions.ts';
import type { Faults } from './faults.ts';
import type { Log, LoggedEvent } from './log.ts';
import { refusesPosition } from './positions.ts';
import { subscribeToStream } from './stream-subscription.ts';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  nameOf,
  streamNotFoundMessage,
} from './messages.ts';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** What a call asks for; `$all` for all streams. */
export function streamOf(call: ReadCall): string {
  const stream = call.request.getOptions()?.getStream();
  return stream ? nameOf(stream.getStreamIdentifier()) : '$all';
}

/** `Streams/Read`: reads of a stream and of $all in both directions, and subscriptions to $all. */
export function handleRead(log: Log, faults: Faults, subscribers: Set<ReadCall>) {
  return (call: ReadCall): void => {
    const options = call.request.getOptions();
    if (!options || faults.blackHole) return;
    if (refusesPosition(call, log, options)) return;
    if (options.hasSubscription() && options.hasStream()) {
      subscribeToStream(call, options, subscribers);
      return;
    }
    if (options.hasSubscription()) {
      subscribers.add(call);
      const stop = (): void => void subscribers.delete(call);
      call.on('cancelled', stop);
      call.on('close', stop);
      void subscribe(call, options, log, faults);
      return;
    }
    if (options.hasStream() && isTombstoned(log, nameOf(options.getStream()?.getStreamIdentifier()))) {
      call.emit('error', streamDeleted(nameOf(options.getStream()?.getStreamIdentifier())));
      return;
    }
    const found = options.hasStream() ? readStream(log, options) : readAll(log, options);
    if (found === undefined)
      call.write(streamNotFoundMessage(nameOf(options.getStream()?.getStreamIdentifier())));
    for (const event of found ?? []) call.write(eventMessage(event));
    call.end();
  };
}

const BACKWARDS = 1;

function readStream(log: Log, options: streams.ReadReq.Options): readonly LoggedEvent[] | undefined {
  const stream = options.getStream();
  const events = visibleOf(log, nameOf(stream?.getStreamIdentifier()));
  if (events === undefined) return undefined;
  const backwards = options.getReadDirection() === BACKWARDS;
  const from = stream?.hasRevision() ? BigInt(stream.getRevision()) : undefined;
  return page(
    events,
    backwards,
    (event) => from === undefined || (backwards ? event.revision <= from : event.revision >= from),
    options,
  );
}

/** From a position a read includes the event there; a subscription does not. */
function readAll(log: Log, options: streams.ReadReq.Options): readonly LoggedEvent[] {
  const all = options.getAll();
  const backwards = options.getReadDirection() === BACKWARDS;
  const at = all?.getPosition()?.getCommitPosition();
  const from = at === undefined ? undefined : BigInt(at);
  return page(
    log.events,
    backwards,
    // Backwards a read begins before the position.
    (event) => from === undefined || (backwards ? event.position < from : event.position >= from),
    options,
  );
}

function page(
  events: readonly LoggedEvent[],
  backwards: boolean,
  keep: (event: LoggedEvent) => boolean,
  options: streams.ReadReq.Options,
): readonly LoggedEvent[] {
  const kept = events.filter(keep);
  return (backwards ? kept.reverse() : kept).slice(0, Number(options.getCount()));
}

async function subscribe(
  call: ReadCall,
  options: streams.ReadReq.Options,
  log: Log,
  faults: Faults,
): Promise<void> {
  const start = options.getAll()?.getPosition();
  const filter = filterOf(options.getFilter());
  let position = start ? BigInt(start.getCommitPosition()) : 0n;
  let looked = 0;
  let live = false;
  // A call that missed an append in a black hole stays deaf, as a dead TCP connection does.
  let deaf = false;
  const stop = log.onAppend(() => {
    deaf ||= faults.blackHole;
  });
  call.on('cancelled', stop);
  await send(call, confirmationMessage(randomUUID()));
  while (!call.cancelled && !call.writableEnded) {
    const next = deaf ? undefined : firstAfter(log.events, position);
    if (next) {
      position = next.position;
      looked += 1;
      if (filter.matches(next)) await send(call, eventMessage(next));
      if (looked % filter.every === 0) {
        // The real server names what the filter did not let through by its commit alone.
        await send(call, checkpointMessage(position, filter.matches(next) ? position : 0n));
      }
      continue;
    }
    if (!live && !deaf) {
      live = true;
      await send(call, caughtUpMessage());
      continue;
    }
    await changed(call, log);
  }
}

function firstAfter(events: readonly LoggedEvent[], position: bigint): LoggedEvent | undefined {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as LoggedEvent).position > position) high = middle;
    else low = middle + 1;
  }
  return events[low];
}

function filterOf(filter: streams.ReadReq.Options.FilterOptions | undefined): {
  readonly every: number;
  readonly matches: (event: LoggedEvent) => boolean;
} {
  if (!filter) return { every: Infinity, matches: () => true };
  const byStream = filter.hasStreamIdentifier();
  const expression = byStream ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = expression?.getRegex() ? new RegExp(expression.getRegex()) : undefined;
  const every =
    (filter.hasMax() ? filter.getMax() : 32) * Math.max(filter.getCheckpointintervalmultiplier(), 1);
  return {
    every,
    matches: (event) => {
      const word = byStream ? event.stream : event.type;
      return regex ? regex.test(word) : prefixes.some((prefix) => word.startsWith(prefix));
    },
  };
}

async function send(call: ReadCall, message: streams.ReadResp): Promise<void> {
  if (call.cancelled || call.writableEnded || call.destroyed || call.write(message)) return;
  const settled = new AbortController();
  const events = ['drain', 'cancelled', 'close'].map((event) =>
    once(call, event, { signal: settled.signal }),
  );
  await Promise.race(events);
  settled.abort();
  await Promise.allSettled(events);
}

function changed(call: ReadCall, log: Log): Promise<void> {
  return new Promise((resolve) => {
    const stop = log.onAppend(done);
    function done(): void {
      stop();
      call.off('cancelled', done);
      call.off('close', done);
      resolve();
    }
    call.on('cancelled', done);
    call.on('close', done);
  });
}
