import { expect } from 'chai';
import fc from 'fast-check';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { positionOf } from '../../../../src/adapters/eventstoredb/position.ts';
import { appendFrames } from '../../../../src/adapters/eventstoredb/wire/append-request.ts';
import { readMessageOf } from '../../../../src/adapters/eventstoredb/wire/read-response.ts';

const LARGEST = 2n ** 64n - 1n;
const { ReadEvent, Checkpoint, CaughtUp, StreamNotFound, FellBehind } = streams.ReadResp;

describe('messages of EventStoreDB, against the classes that the client ships', () => {
  const bytesOf = (message: streams.ReadResp): Buffer => Buffer.from(message.serializeBinary());

  function eventMessage(event: {
    readonly id: string;
    readonly stream: string;
    readonly type: string;
    readonly contentType?: string;
    readonly revision: bigint;
    readonly at: bigint;
    readonly data: Buffer;
    readonly metadata: Buffer;
  }): Buffer {
    const recorded = new ReadEvent.RecordedEvent()
      .setId(new shared.UUID().setString(event.id))
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(event.stream)))
      .setStreamRevision(String(event.revision))
      .setCommitPosition(String(event.at))
      .setPreparePosition(String(event.at))
      .setData(event.data)
      .setCustomMetadata(event.metadata);
    recorded.getMetadataMap().set('type', event.type);
    recorded.getMetadataMap().set('created', '16999');
    recorded.getMetadataMap().set('content-type', event.contentType ?? 'application/json');
    const read = new ReadEvent().setEvent(recorded).setCommitPosition(String(event.at));
    return bytesOf(new streams.ReadResp().setEvent(read));
  }

  const word = fc.string({ minLength: 1, unit: 'grapheme' });

  it('any event is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.record({
          id: fc.uuid(),
          stream: word,
          type: word,
          revision: fc.bigInt({ min: 0n, max: LARGEST }),
          at: fc.bigInt({ min: 0n, max: LARGEST }),
        }),
        fc.json(),
        fc.json(),
        (event, data, metadata) => {
          const bytes = { data: Buffer.from(data), metadata: Buffer.from(metadata) };
          expect(readMessageOf(eventMessage({ ...event, ...bytes }))).to.deep.equal({
            kind: 'event',
            event: {
              id: event.id,
              stream: event.stream,
              type: event.type,
              revision: event.revision,
              position: positionOf({ commit: event.at, prepare: event.at }),
              data: JSON.parse(data) as unknown,
              metadata: JSON.parse(metadata) as unknown,
            },
          });
        },
      ),
    );
  });

  it('what is no JSON stays what it is', () => {
    const event = { id: 'an-id', stream: 's', type: 't', revision: 0n, at: 1n };
    const read = (data: string, metadata: string, contentType?: string) => {
      const bytes = { data: Buffer.from(data), metadata: Buffer.from(metadata) };
      const message = readMessageOf(
        eventMessage({ ...event, ...bytes, ...(contentType && { contentType }) }),
      );
      return message.kind === 'event' ? [message.event.data, message.event.metadata] : [];
    };
    expect(read('{"a":', '')).to.deep.equal(['{"a":', undefined]);
    expect(read('ab', '{', 'application/octet-stream')).to.deep.equal([
      Uint8Array.from(Buffer.from('ab')),
      Uint8Array.from(Buffer.from('{')),
    ]);
  });

  it('marks of a subscription, and answers that are none of ours', () => {
    const at = (commit: bigint, prepare: bigint): Buffer =>
      bytesOf(
        new streams.ReadResp().setCheckpoint(
          new Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
        ),
      );
    const position = (both: bigint) => positionOf({ commit: both, prepare: both });
    expect(readMessageOf(at(7n, 7n))).to.deep.equal({ kind: 'checkpoint', position: position(7n) });
    expect(readMessageOf(at(7n, 0n))).to.deep.equal({ kind: 'checkpoint', position: position(7n) });
    expect(readMessageOf(at(0n, 0n))).to.deep.equal({ kind: 'checkpoint', position: '' });
    const kind = (message: streams.ReadResp) => readMessageOf(bytesOf(message)).kind;
    expect(kind(new streams.ReadResp().setCaughtUp(new CaughtUp()))).to.equal('caught up');
    expect(kind(new streams.ReadResp().setStreamNotFound(new StreamNotFound()))).to.equal('not found');
    expect(kind(new streams.ReadResp().setFellBehind(new FellBehind()))).to.equal('other');
    expect(kind(new streams.ReadResp().setLastStreamPosition('12'))).to.equal('other');
    const event = { id: 'an-id', stream: 's', type: 't', revision: 0n, at: 1n };
    const whole = eventMessage({ ...event, data: Buffer.from('{}'), metadata: Buffer.from('{}') });
    expect(() => readMessageOf(whole.subarray(0, -3))).to.throw(RangeError);
  });

  it('an append says what it must find, and each event as it is', () => {
    fc.assert(
      fc.property(
        word,
        fc.constantFrom('none' as const, 'any' as const),
        fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
        fc.array(fc.record({ id: fc.uuid(), type: word, data: fc.json(), metadata: fc.json() })),
        (stream, unnumbered, numbered, events) => {
          const expected = numbered ?? unnumbered;
          const [first, ...rest] = [...appendFrames({ stream, events, expected })].map((frame) =>
            streams.AppendReq.deserializeBinary(frame),
          );
          const options = first?.getOptions();
          const name = options?.getStreamIdentifier()?.getStreamName_asU8() ?? [];
          expect(Buffer.from(name).toString()).to.equal(stream);
          expect(options?.hasNoStream()).to.equal(expected === 'none');
          expect(options?.hasAny()).to.equal(expected === 'any');
          expect(options?.hasRevision() === true ? BigInt(options.getRevision()) : null).to.equal(numbered);
          const sent = rest.map((request) => request.getProposedMessage());
          expect(
            sent.map((message) => ({
              id: message?.getId()?.getString(),
              type: message?.getMetadataMap().get('type'),
              data: Buffer.from(message?.getData_asU8() ?? []).toString(),
              metadata: Buffer.from(message?.getCustomMetadata_asU8() ?? []).toString(),
            })),
          ).to.deep.equal(events);
          for (const message of sent)
            expect(message?.getMetadataMap().get('content-type')).to.equal('application/json');
        },
      ),
    );
  });
});
