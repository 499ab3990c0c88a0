/** The only requests to channels. What they say is written in `src/channels`. */
import type { ChannelHttp } from '../../ports.ts';
import { download, getJson } from './download.ts';
import { postForm, postJson } from './request.ts';

export const channelHttp: ChannelHttp = { postJson, postForm, getJson, download };
