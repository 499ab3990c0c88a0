/** Twilio's Message and Media resources are deleted one by one (docs/erasure.md#at-the-providers). */
import type { ChannelHttp, ProviderEraser } from '../../ports.ts';
import { idOf, listOf, membersOf } from '../lenient.ts';
import type { accountOf } from './config.ts';

const GONE = { kind: 'gone' } as const;
const later = (code: string) => ({ kind: 'later', code }) as const;
const isGone = (status: number): boolean => status === 404 || (status >= 200 && status < 300);

export function twilioEraser({
  account,
  http,
}: {
  readonly account: ReturnType<typeof accountOf>;
  readonly http: Pick<ChannelHttp, 'getJson' | 'remove'>;
}): ProviderEraser {
  return {
    targetsOf: ({ messageRefs }) => messageRefs.filter((ref) => /^(?:SM|MM)[0-9A-Za-z]+$/.test(ref)),
    erase: async (sid, _line, signal) => {
      if (account === null) return later('not_configured');
      const message = `${account.url}/Messages/${sid}`;
      // Files first: without their message nobody finds them.
      for (;;) {
        const listed = await http.getJson(`${message}/Media.json`, account.headers, signal);
        if ('kind' in listed) return listed;
        if (listed.status === 404) break;
        if (listed.status !== 200) return later(`http_${String(listed.status)}`);
        const files = listOf(membersOf(listed.body)['media_list']).flatMap((one) => {
          const { uri, sid: own } = membersOf(one);
          const id = idOf(own) ?? /\/(ME\w+)\.json$/.exec(idOf(uri) ?? '')?.[1];
          return id !== undefined && /^ME\w+$/.test(id) ? [id] : [];
        });
        if (files.length === 0) break;
        for (const file of files) {
          const answer = await http.remove(`${message}/Media/${file}.json`, account.headers, signal);
          if ('kind' in answer) return answer;
          if (!isGone(answer.status)) return later(`http_${String(answer.status)}`);
        }
      }
      const answer = await http.remove(`${message}.json`, account.headers, signal);
      if ('kind' in answer) return answer;
      return isGone(answer.status) ? GONE : later(`http_${String(answer.status)}`);
    },
  };
}
