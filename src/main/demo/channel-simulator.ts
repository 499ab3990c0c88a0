/** Simulated channels on loopback for the demo: replies become sent, delivered and read. */
import { randomBytes } from 'node:crypto';
import type { Secrets } from '../../adapters/security/secrets.ts';
import type { Config } from '../../config.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import { startMetaSimulator } from './meta-simulator/server.ts';

export interface ChannelSimulator {
  /** The configuration, with every channel pointing to the simulator. */
  readonly config: Config;
  /** From now on delivery reports go to this API. */
  reportTo(apiUrl: string | null): void;
  stop(): Promise<void>;
}

/** @returns undefined when a real WhatsApp is configured */
export async function startChannelSimulator(
  config: Config,
  secrets: Secrets,
): Promise<ChannelSimulator | undefined> {
  if (config.WHATSAPP_TOKEN !== undefined) return undefined;
  const token = randomBytes(16).toString('hex');
  let target: { readonly url: string; readonly appSecret: string } | undefined;
  const simulator = await startMetaSimulator({ token, reportTo: () => target });
  const pages = DIVISIONS.flatMap((division) =>
    (['instagram', 'facebook'] as const).map((channel) => ({
      channel,
      id: `demo-${channel}-${division}`,
      division,
    })),
  );
  return {
    config: {
      ...config,
      WHATSAPP_API_URL: simulator.url,
      WHATSAPP_TOKEN: token,
      META_GRAPH_URL: simulator.url,
      META_PAGE_TOKENS: pages.map(({ channel, id }) => ({ channel, id, token })),
      CHANNEL_DIVISION_MAP: [...config.CHANNEL_DIVISION_MAP, ...pages],
      TELEGRAM_API_URL: new URL(simulator.url).origin,
      TELEGRAM_BOT_TOKENS: DIVISIONS.map((division, index) => ({
        division,
        token: `${String(index + 1)}:${token}`,
      })),
    },
    reportTo: (apiUrl) => {
      if (apiUrl === null) return;
      target = { url: apiUrl + config.WEBHOOK_PATH, appSecret: secrets.WHATSAPP_APP_SECRET };
    },
    stop: () => simulator.close(),
  };
}
