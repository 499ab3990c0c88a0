/** How a number, page or account at Meta is, by the Graph API (docs/design/channels.md#lines-that-are-watched). */
import type { ChannelHttp, LineDesk, LineLook, LineState } from '../../ports.ts';
import { membersOf, numberOf, textOf } from '../lenient.ts';

/** The token is over, whatever the subcode. */
const TOKEN_GONE = 190;
/** There is no such number or page, or it is not ours. */
const NOT_OURS = 'meta_100_33';

/** Of a phone number. Flagged and restricted ones still answer customers. */
const STATES: ReadonlyMap<string, LineState> = new Map([
  ['CONNECTED', 'working'],
  ['FLAGGED', 'working'],
  ['RESTRICTED', 'working'],
  ['RATE_LIMITED', 'working'],
  ['PENDING', 'stopped'],
  ['UNVERIFIED', 'stopped'],
  ['BANNED', 'stopped'],
  ['DELETED', 'stopped'],
  ['MIGRATED', 'stopped'],
  ['DISCONNECTED', 'stopped'],
  ['OFFLINE', 'stopped'],
]);

function lookOf(status: number, body: unknown): LineLook {
  if (status !== 200) {
    const { code, error_subcode } = membersOf(membersOf(body)['error']);
    const numbers = [code, error_subcode].flatMap((one) => numberOf(one) ?? []);
    const detail = numbers.length > 0 ? ['meta', ...numbers].join('_') : `http_${String(status)}`;
    const needsAPerson = numbers[0] === TOKEN_GONE || detail === NOT_OURS;
    return { state: needsAPerson ? 'stopped' : 'unreachable', detail };
  }
  const word = textOf(membersOf(body)['status'])?.slice(0, 60);
  // A page or an account has no word for it: who may read it may use it.
  if (word === undefined) return { state: 'working', detail: null };
  return { state: STATES.get(word) ?? 'unknown', detail: word };
}

export function metaDesk({
  url,
  fields,
  tokenOf,
  http,
}: {
  /** With the version: `https://graph.facebook.com/v25.0`. */
  readonly url: string;
  /** `id,status` of a phone number, `id` of a page. */
  readonly fields: string;
  readonly tokenOf: (line: string) => string | undefined;
  readonly http: Pick<ChannelHttp, 'getJson'>;
}): LineDesk {
  return {
    look: async (line, signal) => {
      const token = tokenOf(line);
      if (token === undefined) return { state: 'unknown', detail: 'not_configured' };
      const address = `${url}/${encodeURIComponent(line)}?fields=${fields}`;
      const answer = await http.getJson(address, { authorization: `Bearer ${token}` }, signal);
      return 'kind' in answer
        ? { state: 'unreachable', detail: answer.code }
        : lookOf(answer.status, answer.body);
    },
  };
}
