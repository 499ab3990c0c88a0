/** Wires the channel sender. The configuration decides which channels can send. */
import { channelHttp } from '../../adapters/channels/http.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { channelWithHashedMessageIds } from '../../commands/inbound/message-id-hashing.ts';
import { recordDelivery } from '../../commands/outbound/record-delivery.ts';
import { sendersOf } from '../../channels/registry.ts';
import type { Config } from '../../config.ts';
import { type Channel, CHANNELS } from '../../domain/vocabulary.ts';
import { createReadReceipts, type ReadReceipts } from '../../jobs/outbound/read-receipts.ts';
import { createSender } from '../../jobs/outbound/sender.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { BlindIndex, ChannelSender, Files } from '../../ports.ts';
import type { ProgramContext } from '../context.ts';
import { createSenderMetrics } from '../metrics/outbound-metrics.ts';

/** Every channel, with hashes for the ids that it gives to our messages. */
export function channelsOf(
  config: Config,
  blindIndex: BlindIndex,
  files: Pick<Files, 'open'>,
): Readonly<Record<Channel, ChannelSender>> {
  const senders = sendersOf({ config, http: channelHttp, files });
  const nameless = CHANNELS.map(
    (channel) => [channel, channelWithHashedMessageIds(senders[channel], blindIndex)] as const,
  );
  return Object.fromEntries(nameless) as Readonly<Record<Channel, ChannelSender>>;
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
  files,
  skipped,
}: ProgramContext): Job {
  return createSender({
    store: stores.events,
    handler: commands.handler,
    record: recordDelivery({ handler: commands.handler, clock }),
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    channels: channelsOf(config, blindIndex, files),
    leases,
    clock,
    ids,
    log,
    skipped,
    observer: createSenderMetrics(registry),
  });
}

export const readReceiptsOf = ({
  config,
  stores,
  commands,
  log,
  blindIndex,
  files,
}: ProgramContext): ReadReceipts =>
  createReadReceipts({
    store: stores.events,
    handler: commands.handler,
    channels: channelsOf(config, blindIndex, files),
    log,
  });
