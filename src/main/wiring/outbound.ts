/** Wires the channel sender. The configuration decides which channels can send. */
import { createMetaMessages } from '../../adapters/channels/meta-messages.ts';
import { createTelegram } from '../../adapters/channels/telegram.ts';
import { webChat } from '../../adapters/channels/web.ts';
import { createWhatsApp } from '../../adapters/channels/whatsapp.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { channelWithHashedMessageIds } from '../../commands/inbound/message-id-hashing.ts';
import { recordDelivery } from '../../commands/outbound/record-delivery.ts';
import type { Config } from '../../config.ts';
import { createSender } from '../../jobs/outbound/sender.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { BlindIndex, ChannelSender } from '../../ports.ts';
import type { ProgramContext } from '../context.ts';
import { createSenderMetrics } from '../metrics/outbound-metrics.ts';

export function channelsOf(config: Config, blindIndex: BlindIndex) {
  const pages = {
    url: config.META_GRAPH_URL,
    tokens: config.META_PAGE_TOKENS ?? [],
    pages: config.CHANNEL_DIVISION_MAP,
  };
  const nameless = (channel: ChannelSender): ChannelSender =>
    channelWithHashedMessageIds(channel, blindIndex);
  return {
    whatsapp: nameless(
      createWhatsApp({
        url: config.WHATSAPP_API_URL,
        token: config.WHATSAPP_TOKEN,
        phones: config.WA_PHONE_MAP,
      }),
    ),
    instagram: nameless(createMetaMessages('instagram', pages)),
    facebook: nameless(createMetaMessages('facebook', pages)),
    telegram: nameless(
      createTelegram({ url: config.TELEGRAM_API_URL, bots: config.TELEGRAM_BOT_TOKENS ?? [] }),
    ),
    web: webChat,
  };
}

export function senderOf({
  config,
  stores,
  commands,
  leases,
  clock,
  ids,
  log,
  registry,
  blindIndex,
  skipped,
}: ProgramContext): Job {
  return createSender({
    store: stores.events,
    handler: commands.handler,
    record: recordDelivery({ handler: commands.handler, clock }),
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    channels: channelsOf(config, blindIndex),
    leases,
    clock,
    ids,
    log,
    skipped,
    observer: createSenderMetrics(registry),
  });
}
