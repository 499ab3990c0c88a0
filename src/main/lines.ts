/** Wires the lines of ours: how they do, and what a super admin may do with them (docs/design/api.md#lines). */
import { channelHttp } from '../adapters/channels/http.ts';
import { linesOf, linesWithDesks } from '../channels/registry.ts';
import { deliveryErrorOf } from '../channels/errors.ts';
import type { LinesOffice } from '../http/operations/lines-office.ts';
import { takeIn } from '../http/webhook/take-in.ts';
import { createLineWatch } from '../jobs/inbound/line-watch.ts';
import { lineStates, lineTraffic } from '../jobs/inbound/line-states.ts';
import { alarmOfLine } from '../jobs/notifications/store-alarm.ts';
import { testMessage } from '../jobs/outbound/outbound.ts';
import type { Job } from '../engine/jobs/run-while-leader.ts';
import type { SendOutcome } from '../ports.ts';
import type { ProgramContext } from './context.ts';
import { channelsOf } from './wiring/outbound.ts';
import { storeAlarmOf } from './wiring/store-alarm.ts';

export function lineWatchOf(context: ProgramContext): Job {
  const { config, stores, clock, ids, log, leases, webhookInbox, blindIndex } = context;
  return createLineWatch({
    lines: linesWithDesks({ config, http: channelHttp }),
    tables: stores.postgres.writes,
    takeIn: takeIn({
      inbox: webhookInbox,
      lines: linesOf(config),
      maxAgeDays: config.WEBHOOK_MAX_AGE_DAYS,
      ...{ blindIndex, clock },
    }),
    alarm: (line) => alarmOfLine(storeAlarmOf(context), ids.next(), line.name ?? line.id),
    leases,
    clock,
    log,
  });
}

/** What became of a test, in words for a person. */
function toldOf(outcome: SendOutcome): Awaited<ReturnType<LinesOffice['test']>> {
  if (outcome.kind === 'accepted') return { outcome: 'accepted', code: null, text: null };
  const code = outcome.kind === 'unknown' ? outcome.reason : outcome.code;
  return { outcome: outcome.kind, code, text: deliveryErrorOf(code).text };
}

export function linesOfficeOf(context: ProgramContext): LinesOffice {
  const { config, stores, ids } = context;
  const known = linesWithDesks({ config, http: channelHttp });
  const channels = channelsOf(context);
  const deskOf = (id: string) => known.find(({ line }) => line.id === id)?.desk;
  const soon = (): AbortSignal => AbortSignal.timeout(15_000);
  return {
    list: async () => {
      const { writes } = stores.postgres;
      const [states, traffic] = await Promise.all([lineStates(writes), lineTraffic(writes)]);
      return known.map(({ line: { id, channel, division, name }, provider, desk }) => {
        const seen = states.find((one) => one.channel === channel && one.line === id);
        const passed = traffic.find((one) => one.channel === channel && one.line === id);
        return {
          ...{ id, provider, channel, division, name },
          ...{ state: seen?.state ?? ('unknown' as const), detail: seen?.detail ?? null },
          can: (['restart', 'qr'] as const).filter((what) => desk[what] !== undefined),
          last_inbound_at: passed?.inboundAt?.toISOString() ?? null,
          last_outbound_at: passed?.outboundAt?.toISOString() ?? null,
        };
      });
    },
    restart: (id) => deskOf(id)?.restart?.(id, soon()) ?? Promise.resolve(null),
    qr: (id) => deskOf(id)?.qr?.(id, soon()) ?? Promise.resolve(null),
    test: async (id, to) => {
      const found = known.find(({ line }) => line.id === id);
      const sender = found && channels[found.line.channel];
      // A line that is only heard from.
      if (sender?.lineFor({ division: found?.line.division ?? '', own: id }) !== id)
        return { outcome: 'not_sent', code: 'not_configured', text: null };
      return toldOf(
        await sender.send(testMessage(ids.next()), { line: id, userId: to, isFirst: true }, soon()),
      );
    },
  };
}
