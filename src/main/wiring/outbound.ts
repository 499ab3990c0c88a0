/** Wires the channel sender. The configuration decides which channels can send. */
import { channelHttp } from '../../adapters/channels/http.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { channelWithHashedMessageIds } from '../../commands/inbound/message-id-hashing.ts';
import { recordDelivery } from '../../commands/outbound/record-delivery.ts';
import { sendersOf } from '../../channels/registry.ts';
import type { Config } from '../../config.ts';
import type { PublicPlace } from '../../channels/provider.ts';
import { attachmentId } from '../../domain/media/media.ts';
import { type Channel, CHANNELS } from '../../domain/vocabulary.ts';
import { createFileLinks } from '../../http/media/file-links.ts';
import { createReadReceipts, type ReadReceipts } from '../../jobs/outbound/read-receipts.ts';
import { createSender } from '../../jobs/outbound/sender.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { ChannelSender } from '../../ports.ts';
import type { ProgramContext } from '../context.ts';
import { createSenderMetrics } from '../metrics/outbound-metrics.ts';

/** Who signs or fetches an address of ours must have PUBLIC_URL; without it only simulators on this machine reach us. */
export const publicUrlOf = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): string =>
  PUBLIC_URL ?? 'http://localhost';

/** Where providers reach us. */
export function publicPlaceOf({ config, secrets, clock }: ProgramContext): PublicPlace {
  const publicUrl = publicUrlOf(config);
  const links = createFileLinks(new TextEncoder().encode(secrets.JWT_SECRET), clock);
  return {
    webhook: publicUrl + config.WEBHOOK_PATH,
    // A message has one file.
    fileUrl: (ticketId, messageId) => publicUrl + links.pathOf(ticketId, attachmentId(messageId, 0)),
  };
}

/** Every channel, with hashes for the ids that it gives to our messages. */
export function channelsOf(context: ProgramContext): Readonly<Record<Channel, ChannelSender>> {
  const { config, blindIndex, files } = context;
  const senders = sendersOf({ config, http: channelHttp, files, here: publicPlaceOf(context), pause: sleep });
  const nameless = CHANNELS.map(
    (channel) => [channel, channelWithHashedMessageIds(senders[channel], blindIndex)] as const,
  );
  return Object.fromEntries(nameless) as Readonly<Record<Channel, ChannelSender>>;
}

export function senderOf(context: ProgramContext): Job {
  const { stores, commands, leases, clock, ids, log, registry, skipped } = context;
  return createSender({
    store: stores.events,
    handler: commands.handler,
    record: recordDelivery({ handler: commands.handler, clock }),
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    channels: channelsOf(context),
    leases,
    clock,
    ids,
    log,
    skipped,
    observer: createSenderMetrics(registry),
  });
}

export const readReceiptsOf = (context: ProgramContext): ReadReceipts =>
  createReadReceipts({
    store: context.stores.events,
    handler: context.commands.handler,
    channels: channelsOf(context),
    log: context.log,
  });
