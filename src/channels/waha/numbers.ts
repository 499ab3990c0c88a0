/** Whose number WhatsApp hides: WAHA is asked, and what it knows is kept (docs/design/channels.md#waha). */
import { isPhone, phoneDigits } from '../../domain/customers/phone.ts';
import type { ChannelHttp, NumberSource } from '../../ports.ts';
import { idOf, membersOf } from '../lenient.ts';
import type { WahaApi } from './config.ts';
import { hiddenIdOf } from './ids.ts';

export function wahaNumbers({
  api,
  http,
}: {
  readonly api: WahaApi;
  readonly http: Pick<ChannelHttp, 'getJson'>;
}): NumberSource {
  return {
    hides: (userId) => hiddenIdOf(userId) !== undefined,
    numberOf: async (userId, line, signal) => {
      const hidden = hiddenIdOf(userId);
      if (api === null || hidden === undefined) return null;
      const url = `${api.url}/api/${encodeURIComponent(line)}/lids/${hidden}`;
      const answer = await http.getJson(url, api.headers, signal);
      if ('kind' in answer || answer.status !== 200) return null;
      const number = idOf(membersOf(answer.body)['pn']);
      const digits = number === undefined ? '' : phoneDigits(number);
      return isPhone(digits) ? digits : null;
    },
  };
}
