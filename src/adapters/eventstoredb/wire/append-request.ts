/** What an append sends: `AppendReq` of streams.proto, the options first, then one message per event. */
import type { ExpectedRevision } from '../../../ports.ts';
import type { EncodedEvent } from '../../event-encoding.ts';
import { bytesField, wholeField } from './protobuf.ts';

const JSON_TYPE = bytesField(2, [bytesField(1, 'content-type'), bytesField(2, 'application/json')]);

export function* appendFrames({
  stream,
  events,
  expected,
}: {
  readonly stream: string;
  readonly events: readonly EncodedEvent[];
  readonly expected: ExpectedRevision;
}): Generator<Buffer> {
  yield bytesField(1, [bytesField(1, bytesField(3, stream)), expectedField(expected)]);
  for (const { id, type, data, metadata } of events)
    yield bytesField(2, [
      bytesField(1, bytesField(2, id)),
      bytesField(2, [bytesField(1, 'type'), bytesField(2, type)]),
      JSON_TYPE,
      bytesField(3, metadata),
      bytesField(4, data),
    ]);
}

function expectedField(expected: ExpectedRevision): Buffer {
  if (expected === 'none') return bytesField(3, '');
  return expected === 'any' ? bytesField(4, '') : wholeField(2, expected);
}
