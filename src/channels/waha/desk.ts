/** WAHA's sessions: how each is, the picture that links it, and what it heard meanwhile (docs/design/channels.md#waha). */
import type { ChannelHttp, LineDesk, LineState } from '../../ports.ts';
import { isTrue, listOf, membersOf, textOf } from '../lenient.ts';
import type { WahaApi } from './config.ts';

const STATES: ReadonlyMap<string, LineState> = new Map([
  ['WORKING', 'working'],
  ['STARTING', 'starting'],
  ['SCAN_QR_CODE', 'scan'],
  ['PASSKEY_REQUIRED', 'scan'],
  ['PASSKEY_CONFIRMATION_REQUIRED', 'scan'],
  ['FAILED', 'stopped'],
  ['STOPPED', 'stopped'],
]);

const PAGE = 100;
/** Of one search: the next one goes on. */
const MOST_PAGES = 50;

export function wahaDesk({
  api,
  http,
}: {
  readonly api: WahaApi;
  readonly http: Pick<ChannelHttp, 'getJson' | 'postJson' | 'download'>;
}): LineDesk {
  const addressOf = (path: string): string => `${api?.url ?? ''}/api/${path}`;
  const headers = { ...api?.headers };
  return {
    form: 'waha',
    look: async (line, signal) => {
      if (api === null) return { state: 'unknown', detail: 'not_configured' };
      const answer = await http.getJson(addressOf(`sessions/${encodeURIComponent(line)}`), headers, signal);
      if ('kind' in answer) return { state: 'unreachable', detail: answer.code };
      if ([401, 403, 404].includes(answer.status))
        return { state: 'stopped', detail: `waha_${String(answer.status)}` };
      const status = textOf(membersOf(answer.body)['status']);
      if (answer.status !== 200 || status === undefined)
        return { state: 'unreachable', detail: `http_${String(answer.status)}` };
      return { state: STATES.get(status) ?? 'unknown', detail: status.slice(0, 60) };
    },
    restart: async (line, signal) => {
      const answer = await http.postJson(
        addressOf(`sessions/${encodeURIComponent(line)}/restart`),
        {},
        { headers, signal },
      );
      return answer.kind === 'answer' && answer.ok;
    },
    qr: (line, signal) =>
      http.download(
        new URL(addressOf(`${encodeURIComponent(line)}/auth/qr`)),
        { ...headers, accept: 'image/png' },
        signal,
      ),
    missed: async (line, since, signal) => {
      const bodies: string[] = [];
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = new URLSearchParams({
          limit: String(PAGE),
          offset: String(page * PAGE),
          downloadMedia: 'true',
          'filter.timestamp.gte': String(Math.floor(Date.parse(since) / 1_000)),
        });
        const url = addressOf(`${encodeURIComponent(line)}/chats/all/messages?${query.toString()}`);
        const answer = await http.getJson(url, headers, signal);
        if ('kind' in answer) return answer;
        if (answer.status !== 200) return { kind: 'later', code: `http_${String(answer.status)}` };
        const messages = listOf(answer.body);
        for (const payload of messages) {
          // How far our own came, the acks say.
          const ack = membersOf(payload)['ack'];
          const own = isTrue(membersOf(payload)['fromMe']);
          bodies.push(JSON.stringify({ event: 'message.any', session: line, payload }));
          if (own && ack !== undefined)
            bodies.push(JSON.stringify({ event: 'message.ack', session: line, payload }));
        }
        // Of a page that is short some may have been left out: only an empty one is the end.
        if (messages.length === 0) break;
      }
      return { kind: 'read', bodies: bodies.toReversed() };
    },
  };
}
