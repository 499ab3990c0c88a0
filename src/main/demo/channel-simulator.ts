/** Simulated channels on loopback for the demo: replies become sent, delivered and read. */
import { randomBytes } from 'node:crypto';
import type { Secrets } from '../../adapters/security/secrets.ts';
import type { Config } from '../../config.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { publicUrlOf } from '../wiring/outbound.ts';
import { answerPhones } from './staff-phones.ts';
import { type StaffTelegramSimulator, startStaffTelegram } from './staff-telegram-simulator.ts';
import { startMetaSimulator } from './meta-simulator/server.ts';
import { startTwilioSimulator } from './twilio-simulator.ts';
import { startWahaSimulator } from './waha-simulator.ts';

/** Between two reports of one message. */
const PACE_MS = 400;
const SESSION = 'cs-savi';
const NUMBER = '6221500100';

export interface ChannelSimulator {
  /** The configuration, with every channel pointing to the simulator. */
  readonly config: Config;
  /** Telegram as the staff bot has it. */
  readonly staff: StaffTelegramSimulator;
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
  const twilio = await startTwilioSimulator({
    publicUrl: publicUrlOf(config),
    api: () => target && new URL(target.url).origin,
    pace: PACE_MS,
  });
  const waha = await startWahaSimulator({ pace: PACE_MS, webhook: () => target && `${target.url}/waha` });
  waha.sessions.set(SESSION, 'WORKING');
  const staff = await startStaffTelegram({
    token: `9:${token}`,
    secret: randomBytes(16).toString('hex'),
    webhook: () => `${target?.url ?? ''}/staff-telegram`,
    // One address of Telegram is configured: the bots of the divisions are the other simulator's.
    elsewhere: new URL(simulator.url).origin,
    more: answerPhones,
  });
  const pages = DIVISIONS.flatMap((division) =>
    (['instagram', 'facebook'] as const).map((channel) => ({
      channel,
      id: `demo-${channel}-${division}`,
      division,
    })),
  );
  const closing = new AbortController();

  /** A customer on each of these lines: known again at the next start by the ids of their messages. */
  async function greet(): Promise<void> {
    const said = [
      async () =>
        (
          await twilio.post(`${config.WEBHOOK_PATH}/twilio`, {
            ...{ MessageSid: 'SMdemo1', From: 'whatsapp:+6280000000901', WaId: '6280000000901' },
            ...{ To: `whatsapp:+${NUMBER}`, ProfileName: 'Gita Permata', MessageType: 'text', NumMedia: '0' },
            Body: 'Halo, saya mau pindahan rumah bulan depan. Bisa survei dulu?',
          })
        ).status,
      () =>
        waha.post('message', SESSION, {
          ...{ id: 'false_6280000000902@c.us_3EB0DEMO1', from: '6280000000902@c.us', fromMe: false },
          ...{ timestamp: Math.floor(Date.now() / 1_000), _data: { pushName: 'Hendra Wijaya' } },
          body: 'Siang, kirim mobil dari Jakarta ke Medan berapa ya?',
        }),
    ];
    for (const say of said) {
      const taken = async (): Promise<void> => {
        if ((await say()) >= 300) throw new Error('not taken');
      };
      await retry(taken, { firstMs: 500, signal: closing.signal, failed: () => undefined });
    }
  }

  return {
    staff,
    config: {
      ...config,
      WHATSAPP_API_URL: simulator.url,
      WHATSAPP_TOKEN: token,
      META_GRAPH_URL: simulator.url,
      META_PAGE_TOKENS: pages.map(({ channel, id }) => ({ channel, id, token })),
      CHANNEL_DIVISION_MAP: [...config.CHANNEL_DIVISION_MAP, ...pages],
      TELEGRAM_API_URL: staff.url,
      STAFF_TELEGRAM_BOT_TOKEN: staff.token,
      STAFF_TELEGRAM_SECRET_TOKEN: staff.secret,
      TELEGRAM_BOT_TOKENS: DIVISIONS.map((division, index) => ({
        division,
        token: `${String(index + 1)}:${token}`,
      })),
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: [twilio.authToken],
      TWILIO_API_KEY: undefined,
      TWILIO_API_SECRET: undefined,
      TWILIO_API_URL: twilio.url,
      TWILIO_NUMBERS: [{ number: NUMBER, division: 'safia', name: 'Sagamovers (Twilio)' }],
      WAHA_URL: waha.url,
      WAHA_API_KEY: waha.key,
      WAHA_HMAC_KEY: waha.hmacKey,
      WAHA_SESSION_MAP: [{ session: SESSION, division: 'savi', name: 'Saga Mobil (WAHA)' }],
    },
    reportTo: (apiUrl) => {
      if (apiUrl === null) return;
      target = { url: apiUrl + config.WEBHOOK_PATH, appSecret: secrets.WHATSAPP_APP_SECRET };
      void greet();
    },
    stop: async () => {
      closing.abort();
      await Promise.all([simulator, twilio, waha, staff].map((one) => one.close()));
    },
  };
}
