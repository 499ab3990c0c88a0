/** The few parts of the protobuf wire format that reads and appends of EventStoreDB need. */

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;

/** A number up to 2^53 as such, a larger one as bigint. */
export type Whole = number | bigint;

/** Reads one message field by field. Values are read by the type that the field has. */
export class WireReader {
  readonly #buffer: Buffer;
  #at = 0;
  #type = VARINT;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Number of the next field; 0 at the end. Its value must be read, or skipped. */
  field(): number {
    if (this.#at >= this.#buffer.length) return 0;
    const tag = Number(this.whole());
    this.#type = tag & 7;
    return tag >>> 3;
  }

  /** @throws RangeError the message ends before the number does */
  whole(): Whole {
    let low = 0;
    let factor = 1;
    for (let count = 0; count < 7; count += 1) {
      const byte = this.#buffer.readUInt8(this.#at);
      this.#at += 1;
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return low;
      factor *= 128;
    }
    return this.#large(BigInt(low));
  }

  #large(low: bigint): Whole {
    let value = low;
    for (let shift = 49n; ; shift += 7n) {
      const byte = this.#buffer.readUInt8(this.#at);
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    value = BigInt.asUintN(64, value);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  /** Shares the memory of the message. @throws RangeError a field is longer than its message */
  bytes(): Buffer {
    const length = Number(this.whole());
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#buffer.length) throw new RangeError('a field is longer than its message');
    return this.#buffer.subarray(from, this.#at);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  skip(): void {
    if (this.#type === VARINT) this.whole();
    else if (this.#type === BYTES) this.bytes();
    else this.#at += this.#type === FIXED_64 ? 8 : 4;
  }
}

function varint(value: Whole): Buffer {
  const parts: number[] = [];
  let left = BigInt(value);
  while (left >= 0x80n) {
    parts.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  parts.push(Number(left));
  return Buffer.from(parts);
}

/** @returns a field that holds bytes, text, or a message of these fields */
export function bytesField(number: number, value: string | Buffer | readonly Buffer[]): Buffer {
  const content =
    typeof value === 'string' ? Buffer.from(value) : Buffer.isBuffer(value) ? value : Buffer.concat(value);
  return Buffer.concat([varint((number << 3) | BYTES), varint(content.length), content]);
}

export const wholeField = (number: number, value: Whole): Buffer =>
  Buffer.concat([varint((number << 3) | VARINT), varint(value)]);
