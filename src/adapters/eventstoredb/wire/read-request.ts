/** What a read and a subscription ask for: `ReadReq` of streams.proto. */
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventFilter, Position } from '../../../ports.ts';
import { serverPositionOf } from '../position.ts';

type Direction = 'forwards' | 'backwards';
const { Options } = streams.ReadReq;
const empty = (): shared.Empty => new shared.Empty();
/** Everything but the server's own events. */
const NOT_OF_THE_SERVER = '^[^$].*';

function requestOf(options: streams.ReadReq.Options, direction: Direction): streams.ReadReq {
  options.setResolveLinks(false);
  options.setReadDirection(Options.ReadDirection[direction === 'backwards' ? 'BACKWARDS' : 'FORWARDS']);
  options.setUuidOption(new Options.UUIDOption().setString(empty()));
  return new streams.ReadReq().setOptions(options);
}

/** @param from undefined: from the first event; backwards from the last */
export function readOfStream(
  stream: string,
  direction: Direction,
  from: bigint | undefined,
  limit: number,
): streams.ReadReq {
  const at = new Options.StreamOptions();
  at.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
  if (from !== undefined) at.setRevision(String(from));
  else if (direction === 'backwards') at.setEnd(empty());
  else at.setStart(empty());
  const options = new Options().setStream(at).setCount(String(limit)).setNoFilter(empty());
  return requestOf(options, direction);
}

function allFrom(from: Position | undefined): streams.ReadReq.Options.AllOptions {
  const at = new Options.AllOptions();
  if (from === undefined) return at.setEnd(empty());
  const position = serverPositionOf(from);
  if (!position) return at.setStart(empty());
  return at.setPosition(
    new Options.Position()
      .setCommitPosition(String(position.commit))
      .setPreparePosition(String(position.prepare)),
  );
}

/** @param from included forwards, excluded backwards; START: from the first event; undefined: from the end */
export const readOfAll = (from: Position | undefined, direction: Direction, limit: number): streams.ReadReq =>
  requestOf(new Options().setAll(allFrom(from)).setCount(String(limit)).setNoFilter(empty()), direction);

/**
 * @param filter undefined: everything but the server's own events
 * @param window events the server looks at between two checkpoints
 */
export function subscriptionToAll(
  after: Position,
  filter: EventFilter | undefined,
  window: number,
): streams.ReadReq {
  const expression = new Options.FilterOptions.Expression();
  const filtering = new Options.FilterOptions().setMax(window).setCheckpointintervalmultiplier(1);
  if (filter) filtering.setStreamIdentifier(expression.setPrefixList([...filter.streamPrefixes]));
  else filtering.setEventType(expression.setRegex(NOT_OF_THE_SERVER));
  const options = new Options()
    .setAll(allFrom(after))
    .setSubscription(new Options.SubscriptionOptions())
    .setFilter(filtering);
  return requestOf(options, 'forwards');
}
