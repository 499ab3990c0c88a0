/** Files of customers at Twilio: an address that wants our credentials, and sends on to one that must not see them. */
import type { ChannelHttp, MediaSource } from '../../ports.ts';
import { GONE } from '../files.ts';
import type { accountOf } from './config.ts';

/** Where Twilio keeps the bytes themselves. */
const STORES = /^(?:[\w-]+\.)+(?:twilio\.com|twiliocdn\.com|amazonaws\.com)$/;
const PATH = /^\/2010-04-01\/Accounts\/AC\w+\/Messages\/\w+\/Media\/ME\w+$/;

/** @param apiUrl TWILIO_API_URL */
export function twilioMedia({
  account,
  apiUrl,
  http,
}: {
  readonly account: ReturnType<typeof accountOf>;
  readonly apiUrl: string;
  readonly http: Pick<ChannelHttp, 'download'>;
}): MediaSource {
  const { origin } = new URL(apiUrl);
  return {
    fetch: async (mediaId, _to, signal) => {
      if (account === null) return { kind: 'later', code: 'not_configured' };
      if (!URL.canParse(mediaId)) return GONE;
      const url = new URL(mediaId);
      const own =
        url.origin === origin ||
        (url.protocol === 'https:' && /^api(?:\.[\w-]+)*\.twilio\.com$/.test(url.host));
      if (!own || !PATH.test(url.pathname)) return GONE;
      return http.download(
        url,
        account.headers,
        signal,
        (next) => next.origin === origin || (next.protocol === 'https:' && STORES.test(next.host)),
      );
    },
  };
}
