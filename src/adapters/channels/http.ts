/** The only requests to channels. What they say is written in `src/channels`. */
import type { ChannelHttp } from '../../ports.ts';
import { download, getJson, remove } from './download.ts';
import { postFields, postForm, postJson } from './request.ts';

export const channelHttp: ChannelHttp = { postJson, postForm, postFields, getJson, remove, download };
