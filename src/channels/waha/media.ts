/** Files of customers at WAHA: there for minutes, then to be asked from the phone again (docs/design/channels.md#waha). */
import type { ChannelHttp, MediaSource } from '../../ports.ts';
import { fetchedOf, GONE } from '../files.ts';
import { membersOf, textOf } from '../lenient.ts';
import { lineToSendBy, type Line } from '../lines.ts';
import type { WahaApi } from './config.ts';
import { mediaName, mediaOfName } from './media-name.ts';

export function wahaMedia({
  api,
  lines,
  http,
}: {
  readonly api: WahaApi;
  readonly lines: readonly Pick<Line, 'id' | 'division'>[];
  readonly http: Pick<ChannelHttp, 'download' | 'getJson'>;
}): MediaSource {
  return {
    fetch: async (mediaId, to, signal) => {
      const named = mediaOfName(mediaId);
      if (!named) return GONE;
      const session = lineToSendBy(lines, { division: to.division, own: to.line });
      if (api === null || session === null) return { kind: 'later', code: 'not_configured' };
      const fileAt = (path: string) =>
        http.download(new URL(new URL(api.url).origin + path), api.headers, signal);
      if (named.path !== '') {
        const found = await fileAt(named.path);
        if (found.kind !== 'gone') return found;
      }
      const of = `${encodeURIComponent(session)}/chats/${encodeURIComponent(named.chat)}`;
      const url = `${api.url}/api/${of}/messages/${encodeURIComponent(named.message)}?downloadMedia=true`;
      const answer = await http.getJson(url, api.headers, signal);
      if ('kind' in answer) return answer;
      if (answer.status !== 200) return fetchedOf(answer.status);
      const payload = membersOf(answer.body);
      const again =
        mediaOfName(mediaName({ ...payload, id: named.message, from: named.chat }) ?? '')?.path ?? '';
      // Without an address the phone has not sent it yet, or says why it will not.
      if (again !== '') return fileAt(again);
      return textOf(membersOf(membersOf(payload['media'])['error'])['message']) === undefined
        ? { kind: 'later', code: 'waha_no_media' }
        : GONE;
    },
  };
}
