import { z } from 'zod';
import type { ChannelHttp, MediaSource } from '../../ports.ts';
import { fetchedOf, GONE } from '../files.ts';

/** Besides the API itself: the host that needs the token of the number. */
const META_TOKEN_HOST = 'lookaside.fbsbx.com';

const mediaLocation = z.object({ url: z.url() });
const problem = z.object({ error: z.object({ code: z.number() }) });

/**
 * WhatsApp: an id gives an address that is valid for minutes and needs the token, too
 * (docs/design/whatsapp.md#media).
 */
export function whatsappMedia({
  url,
  token,
  http,
}: {
  readonly url: string;
  readonly token: string | undefined;
  readonly http: ChannelHttp;
}): MediaSource {
  const api = new URL(url);
  return {
    fetch: async (mediaId, _to, signal) => {
      if (token === undefined) return { kind: 'later', code: 'not_configured' };
      // The id is part of the address that gets the token.
      if (!/^[\w-]{1,256}$/.test(mediaId)) return GONE;
      const headers = { authorization: `Bearer ${token}` };
      const answer = await http.getJson(`${url}/${mediaId}`, headers, signal);
      if ('kind' in answer) return answer;
      const { status, body } = answer;
      if (status !== 200) {
        // Code 100: no such object. An invalid token (190) can be replaced.
        return problem.safeParse(body).data?.error.code === 100 ? GONE : fetchedOf(status);
      }
      const location = mediaLocation.safeParse(body).data;
      if (!location) return GONE;
      const file = new URL(location.url);
      const own = file.origin === api.origin;
      if (!own && !(file.protocol === 'https:' && file.hostname === META_TOKEN_HOST)) return GONE;
      return http.download(file, headers, signal);
    },
  };
}
