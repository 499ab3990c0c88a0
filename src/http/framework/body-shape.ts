/** How large a JSON text would be when it is built, found over its bytes before anything is (docs/design/reliability.md#floods). */
import { HttpError } from './errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Counts members and items of the whole text, and how deep they are nested. What is no JSON may pass: the parser says so.
 * @throws HttpError PAYLOAD_TOO_LARGE more than `members`; MALFORMED_JSON deeper than `depth`
 */
export function refuseShape(
  bytes: Buffer,
  limits: { readonly members: number; readonly depth: number },
): void {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfText(bytes, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        members += 1;
        if (depth > limits.depth) throw new HttpError('MALFORMED_JSON');
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      // One comma is one member or item more; the first has none, and was counted with its bracket.
      case COMMA:
        members += 1;
        break;
      default:
        break;
    }
    if (members > limits.members) throw new HttpError('PAYLOAD_TOO_LARGE');
  }
}

/** @returns where the text that begins at `start` ends; the last byte where it has no end */
function endOfText(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(QUOTE, start + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return bytes.length;
}
