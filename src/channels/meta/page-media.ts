import { z } from 'zod';
import type { ChannelHttp, MediaSource } from '../../ports.ts';
import { GONE } from '../files.ts';

const META_HOSTS = /(^|\.)(fbsbx\.com|fbcdn\.net|cdninstagram\.com)$/;

/** Instagram and Messenger send the address itself; it needs no token, so none is sent. */
export const pageMedia = (http: Pick<ChannelHttp, 'download'>): MediaSource => ({
  fetch: (mediaId, _to, signal) => {
    const parsed = z.url().safeParse(mediaId).data;
    if (parsed === undefined) return Promise.resolve(GONE);
    const file = new URL(parsed);
    if (file.protocol !== 'https:' || !META_HOSTS.test(file.hostname)) return Promise.resolve(GONE);
    return http.download(file, {}, signal);
  },
});
