/** Twilio's account and its list of messages: what its webhook did not bring (docs/design/channels.md#twilio). */
import type { ChannelHttp, LineDesk, Missed } from '../../ports.ts';
import { idOf, listOf, type Members, membersOf, numberOf, textOf } from '../lenient.ts';
import type { accountOf } from './config.ts';

const PAGE = '200';
/** Of one search: the next one goes on. */
const MOST_PAGES = 25;

/** A message of the list, as a webhook would have said it. @param files addresses and types */
function formOf(message: Members, files: readonly (readonly [url: string, type: string])[]): string {
  const isInbound = textOf(message['direction']) === 'inbound';
  const text = (name: string): string => textOf(message[name]) ?? '';
  const form = new URLSearchParams({
    MessageSid: text('sid'),
    From: text('from'),
    To: text('to'),
    DateSent: text('date_sent') || text('date_created'),
    ...(isInbound
      ? { SmsStatus: 'received', Body: text('body'), NumMedia: String(files.length) }
      : {
          MessageStatus: text('status'),
          ErrorCode: text('error_code'),
          ErrorMessage: text('error_message'),
        }),
  });
  for (const [at, [url, type]] of files.entries()) {
    form.set(`MediaUrl${String(at)}`, url);
    form.set(`MediaContentType${String(at)}`, type);
  }
  return form.toString();
}

export function twilioDesk({
  account,
  apiUrl,
  http,
}: {
  readonly account: ReturnType<typeof accountOf>;
  readonly apiUrl: string;
  readonly http: Pick<ChannelHttp, 'getJson'>;
}): LineDesk {
  async function filesOf(sid: string, message: Members, signal: AbortSignal) {
    if (account === null || (numberOf(message['num_media']) ?? 0) === 0) return [];
    const answer = await http.getJson(`${account.url}/Messages/${sid}/Media.json`, account.headers, signal);
    if ('kind' in answer) return null;
    return listOf(membersOf(answer.body)['media_list']).flatMap((one) => {
      const { uri, content_type } = membersOf(one);
      const path = textOf(uri)?.replace(/\.json$/, '');
      return path === undefined ? [] : [[apiUrl + path, textOf(content_type) ?? ''] as const];
    });
  }

  async function listed(query: string, signal: AbortSignal): Promise<Missed> {
    if (account === null) return { kind: 'later', code: 'not_configured' };
    const bodies: string[] = [];
    let url: string | null = `${account.url}/Messages.json?${query}`;
    for (let page = 0; url !== null && page < MOST_PAGES; page += 1) {
      const answer: Awaited<ReturnType<ChannelHttp['getJson']>> = await http.getJson(
        url,
        account.headers,
        signal,
      );
      if ('kind' in answer) return answer;
      if (answer.status !== 200) return { kind: 'later', code: `http_${String(answer.status)}` };
      const body = membersOf(answer.body);
      for (const one of listOf(body['messages'])) {
        const message = membersOf(one);
        const sid = idOf(message['sid']);
        if (sid === undefined || !/^\w+$/.test(sid)) continue;
        const files = await filesOf(sid, message, signal);
        if (files === null) return { kind: 'later', code: 'no_media_list' };
        bodies.push(formOf(message, files));
      }
      const next = textOf(body['next_page_uri']);
      url = next?.startsWith('/') === true ? apiUrl + next : null;
    }
    return { kind: 'read', bodies };
  }

  return {
    form: 'twilio',
    look: async (_line, signal) => {
      if (account === null) return { state: 'unknown', detail: 'not_configured' };
      const answer = await http.getJson(`${account.url}.json`, account.headers, signal);
      if ('kind' in answer) return { state: 'unreachable', detail: answer.code };
      if (answer.status === 401 || answer.status === 403) return { state: 'stopped', detail: 'tw_20003' };
      const status = textOf(membersOf(answer.body)['status']);
      if (answer.status !== 200 || status === undefined)
        return { state: 'unreachable', detail: `http_${String(answer.status)}` };
      return { state: status === 'active' ? 'working' : 'stopped', detail: status };
    },
    missed: async (line, since, signal) => {
      const query = (who: 'To' | 'From') =>
        new URLSearchParams({ [who]: `whatsapp:+${line}`, 'DateSent>': since, PageSize: PAGE }).toString();
      const heard = await listed(query('To'), signal);
      if (heard.kind === 'later') return heard;
      const sent = await listed(query('From'), signal);
      // Its list begins with the newest.
      return sent.kind === 'later'
        ? sent
        : { kind: 'read', bodies: [...heard.bodies.toReversed(), ...sent.bodies.toReversed()] };
    },
  };
}
