/** The only requests to channels. What they say is written in `src/channels`. */
import type { ChannelHttp } from '../../ports.ts';
import { download, getJson } from './download.ts';
import { postJson } from './request.ts';

export const channelHttp: ChannelHttp = { postJson, getJson, download };
