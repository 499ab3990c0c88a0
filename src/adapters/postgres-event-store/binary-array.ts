/**
 * One-dimensional arrays in Postgres' binary wire format. A Buffer as a query value goes out as binary, which
 * saves quoting JSON inside array text here and taking it apart there.
 *
 * Layout (src/backend/utils/adt/arrayfuncs.c, array_recv): dimensions, flags, element type, length, lower
 * bound, then per element its byte count and its bytes.
 */

const HEADER_BYTES = 20;
const OID = { int4: 23, int8: 20, text: 25, json: 114, uuid: 2950 } as const;

const NULL_SIZE = -1;

/** `text[]` or `json[]` of strings. */
export function textArray(type: 'text' | 'json', values: readonly (string | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? NULL_SIZE : Buffer.byteLength(value)));
  const bytes = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
  const buffer = header(OID[type], values.length, bytes + 4 * values.length, sizes.includes(NULL_SIZE));
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    at = buffer.writeInt32BE(sizes[index] as number, at);
    if (value !== null) at += buffer.write(value, at);
  });
  return buffer;
}

/** `uuid[]` of UUIDs in their usual text form. */
export function uuidArray(values: readonly string[]): Buffer {
  const buffer = header(OID.uuid, values.length, 20 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(16, at);
    at += buffer.write(value.replaceAll('-', ''), at, 'hex');
  }
  return buffer;
}

export function int4Array(values: readonly number[]): Buffer {
  const buffer = header(OID.int4, values.length, 8 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(value, at);
  }
  return buffer;
}

export function int8Array(values: readonly bigint[]): Buffer {
  const buffer = header(OID.int8, values.length, 12 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeBigInt64BE(value, at);
  }
  return buffer;
}

function header(elementType: number, length: number, bytes: number, nulls = false): Buffer {
  // An empty array has no dimensions at all.
  const buffer = Buffer.allocUnsafe(length === 0 ? 12 : HEADER_BYTES + bytes);
  let at = buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  at = buffer.writeInt32BE(nulls ? 1 : 0, at);
  at = buffer.writeInt32BE(elementType, at);
  if (length > 0) {
    at = buffer.writeInt32BE(length, at);
    buffer.writeInt32BE(1, at); // arrays count from 1
  }
  return buffer;
}
