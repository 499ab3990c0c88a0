/** WAHA keeps whole chats in a store of its own: each is emptied there (docs/erasure.md#at-the-providers). */
import type { ChannelHttp, ProviderEraser } from '../../ports.ts';
import type { WahaApi } from './config.ts';
import { chatOf } from './ids.ts';

export function wahaEraser({
  api,
  http,
}: {
  readonly api: WahaApi;
  readonly http: Pick<ChannelHttp, 'getJson' | 'remove'>;
}): ProviderEraser {
  const later = (code: string) => ({ kind: 'later', code }) as const;
  return {
    targetsOf: ({ userIds }) => userIds.flatMap((userId) => chatOf(userId) ?? []),
    erase: async (chatId, session, signal) => {
      if (api === null) return later('not_configured');
      const at = `${api.url}/api/${encodeURIComponent(session)}/chats/${encodeURIComponent(chatId)}/messages`;
      const answer = await http.remove(at, api.headers, signal);
      if ('kind' in answer) return answer;
      if (answer.status >= 200 && answer.status < 300) return { kind: 'gone' };
      if (answer.status !== 404) return later(`waha_${String(answer.status)}`);
      // There is no such chat, or no such session: a session that is away keeps what it has.
      const known = await http.getJson(
        `${api.url}/api/sessions/${encodeURIComponent(session)}`,
        api.headers,
        signal,
      );
      if ('kind' in known) return known;
      return known.status === 200 ? { kind: 'gone' } : later('waha_404');
    },
  };
}
