/** The group of staff at WAHA: written to, and never read (docs/design/channels.md#waha). */
import type { ChannelHttp, StaffGroup } from '../../ports.ts';
import { type WahaConfig, wahaApiOf } from './config.ts';

/** By the first session of the configuration. @returns null: no group is configured */
export function wahaGroup({
  config,
  http,
}: {
  readonly config: WahaConfig;
  readonly http: Pick<ChannelHttp, 'postJson'>;
}): StaffGroup | null {
  const api = wahaApiOf(config);
  const { WAHA_STAFF_GROUP: chatId, WAHA_SESSION_MAP: [first] = [] } = config;
  if (api === null || chatId === undefined || first === undefined) return null;
  return {
    tell: async (text, signal) => {
      const json = { session: first.session, chatId, text, linkPreview: false };
      const answer = await http.postJson(`${api.url}/api/sendText`, json, { headers: api.headers, signal });
      if (answer.kind !== 'answer') return answer.kind === 'unknown' ? answer.reason : answer.code;
      return answer.ok ? null : `waha_${String(answer.status)}`;
    },
  };
}
