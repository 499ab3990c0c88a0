/**
 * What the server answers to a read and to a subscription: `ReadResp` of streams.proto, straight to an event of ours. The
 * generated classes build seven objects for each event, and everything that is read passes here.
 */
import type { Position, StoredEvent } from '../../../ports.ts';
import { START } from '../../../ports.ts';
import { positionOf } from '../position.ts';
import { type Whole, WireReader } from './protobuf.ts';

export type ReadMessage =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  /** Everything up to here was looked at. */
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught up' | 'not found' | 'other' };

const [EVENT, CHECKPOINT, NOT_FOUND, CAUGHT_UP] = [1, 3, 4, 8];
const OTHER = { kind: 'other' } as const;

/** @throws Error an event without an id or a stream; RangeError bytes that are no message */
export function readMessageOf(buffer: Buffer): ReadMessage {
  const reader = new WireReader(buffer);
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case EVENT: {
        const event = eventOf(reader.bytes());
        return event ? { kind: 'event', event } : OTHER;
      }
      case CHECKPOINT:
        return { kind: 'checkpoint', position: checkpointOf(reader.bytes()) };
      case NOT_FOUND:
        return { kind: 'not found' };
      case CAUGHT_UP:
        return { kind: 'caught up' };
      default:
        reader.skip();
    }
  }
  return OTHER;
}

/**
 * The server names an event that the filter did not let through by its commit alone, with prepare 0, although it has
 * looked at it: taken as it is, it would lie before that event, and a view would seem to be behind for ever. Nothing
 * looked at yet is 0 and 0.
 */
function checkpointOf(buffer: Buffer): Position {
  const reader = new WireReader(buffer);
  let [commit, prepare]: [Whole, Whole] = [0, 0];
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) commit = reader.whole();
    else if (field === 2) prepare = reader.whole();
    else reader.skip();
  }
  if (commit === 0) return START;
  return positionOf({ commit, prepare: prepare === 0 ? commit : prepare });
}

/** Links are not resolved, so there is the event alone. */
function eventOf(buffer: Buffer): StoredEvent | undefined {
  const reader = new WireReader(buffer);
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) return recordedOf(reader.bytes());
    reader.skip();
  }
  return undefined;
}

function recordedOf(buffer: Buffer): StoredEvent {
  const reader = new WireReader(buffer);
  let [id, stream, type, contentType] = ['', '', '', ''];
  let [revision, prepare, commit]: [Whole, Whole, Whole] = [0, 0, 0];
  let metadata: Buffer = EMPTY;
  let data: Buffer = EMPTY;
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        id = textIn(reader, 2);
        break;
      case 2:
        stream = textIn(reader, 3);
        break;
      case 3:
        revision = reader.whole();
        break;
      case 4:
        prepare = reader.whole();
        break;
      case 5:
        commit = reader.whole();
        break;
      case 6: {
        const [key, value] = entryOf(reader.bytes());
        if (key === 'type') type = value;
        else if (key === 'content-type') contentType = value;
        break;
      }
      case 7:
        metadata = reader.bytes();
        break;
      case 8:
        data = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  if (id === '' || stream === '') throw new Error('an event of the store has no id or no stream');
  return {
    id,
    stream,
    revision: BigInt(revision),
    position: positionOf({ commit, prepare }),
    type,
    // Malformed JSON stays text, other bytes stay bytes: the codec names it.
    data: contentType === JSON_TYPE ? parsed(data, (bytes) => bytes.toString('utf8')) : copied(data),
    metadata: metadata.length === 0 ? undefined : parsed(metadata, copied),
  };
}

const EMPTY = Buffer.alloc(0);
const JSON_TYPE = 'application/json';

/** Of its own: what it was cut out of may be large, and events are kept. */
const copied = (bytes: Buffer): Uint8Array => Uint8Array.from(bytes);

function parsed(bytes: Buffer, otherwise: (bytes: Buffer) => unknown): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return otherwise(bytes);
  }
}

/** The text in one field of the message that comes next; '' without it. */
function textIn(outer: WireReader, wanted: number): string {
  const reader = new WireReader(outer.bytes());
  let text = '';
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === wanted) text = reader.text();
    else reader.skip();
  }
  return text;
}

function entryOf(buffer: Buffer): readonly [string, string] {
  const reader = new WireReader(buffer);
  let [key, value] = ['', ''];
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = reader.text();
    else reader.skip();
  }
  return [key, value];
}
