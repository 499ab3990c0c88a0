/** Wires the blast executor. It uses the channels of the sender, with its own delay between messages. */
import { Counter } from 'prom-client';
import { recordBlast } from '../../commands/blasts/record-blast.ts';
import { recordDelivery } from '../../commands/outbound/record-delivery.ts';
import { linesOf } from '../../channels/registry.ts';
import { createBlastExecutor } from '../../jobs/blasts/executor.ts';
import type { ProgramContext } from '../context.ts';
import { channelsOf } from './outbound.ts';

export function blastExecutorOf(context: ProgramContext) {
  const { config, stores, commands, leases, clock, ids, log, registry, skipped } = context;
  const { handler } = commands;
  const messages = new Counter({
    name: 'blast_messages_total',
    help: 'Requests of blasts to a channel, by what became of them and the error code of the channel',
    labelNames: ['result', 'code'] as const,
    registers: [registry],
  });
  return createBlastExecutor({
    store: stores.events,
    read: stores.postgres.reads,
    handler,
    record: recordBlast({ handler, clock, ids }),
    delivery: recordDelivery({ handler, clock }),
    channels: channelsOf(context),
    templatesBy: linesOf(config).templatesBy,
    leases,
    clock,
    ids,
    log,
    skipped,
    delayMs: config.BLAST_DELAY_MS,
    dailyLimit: config.WA_DAILY_LIMIT,
    observe: (result, code) => {
      messages.labels(result, code).inc();
    },
  });
}
