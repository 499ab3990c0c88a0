/** Prometheus metrics of sending. `line` is our own number, page or bot id, never a customer's phone number. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { SenderObserver } from '../../jobs/outbound/sender.ts';

export function createSenderMetrics(registry: Registry): SenderObserver {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'outbound_messages_total',
    help: 'Tries to send a message, by what became of them and the error code of the channel',
    labelNames: ['channel', 'result', 'code'] as const,
    registers,
  });
  const stopped = new Gauge({
    name: 'outbound_line_stopped',
    help: '1 while a number, page or bot of ours sends nothing until somebody acts, by the code that stopped it',
    labelNames: ['channel', 'line', 'code'] as const,
    registers,
  });
  const waiting = new Gauge({
    name: 'outbound_messages_waiting',
    help: 'Messages without an outcome, in the process that holds the lease `sender`',
    registers,
  });
  const codes = new Map<string, string>();
  return {
    outcome: (channel, result, code) => {
      outcomes.labels(channel, result, code).inc();
    },
    lineState: (channel, line, stoppedBy) => {
      const key = `${channel} ${line}`;
      const before = codes.get(key);
      if (before !== undefined && before !== stoppedBy) {
        stopped.remove(channel, line, before);
        codes.delete(key);
      }
      if (stoppedBy === null) return;
      codes.set(key, stoppedBy);
      stopped.labels(channel, line, stoppedBy).set(1);
    },
    waiting: (messages) => {
      waiting.set(messages);
    },
  };
}
