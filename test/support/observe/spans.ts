/** A tracer provider that keeps finished spans in memory, and carries the active span over awaits: what an SDK does. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  context,
  type ContextManager,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';

export interface FinishedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

/** @returns the spans that ended, and what takes it all out again */
export function collectSpans(): { readonly spans: readonly FinishedSpan[]; stop(): void } {
  const spans: FinishedSpan[] = [];
  let count = 0;
  const hex = (length: number): string => (count += 1).toString(16).padStart(length, '0');

  function start(name: string, attributes: object, parent: SpanContext | undefined): Span {
    const of: SpanContext = { traceId: parent?.traceId ?? hex(32), spanId: hex(16), traceFlags: 1 };
    const known: Record<string, unknown> = { ...attributes };
    let called = name;
    let failed = false;
    const span: Span = {
      spanContext: () => of,
      setAttribute: (key, value) => {
        known[key] = value;
        return span;
      },
      setAttributes: (more) => {
        Object.assign(known, more);
        return span;
      },
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: ({ code }) => {
        failed = code === 2;
        return span;
      },
      updateName: (better) => {
        called = better;
        return span;
      },
      end: () => {
        spans.push({
          name: called,
          traceId: of.traceId,
          spanId: of.spanId,
          parentId: parent?.spanId,
          attributes: known,
          failed,
        });
      },
      isRecording: () => true,
      recordException: () => undefined,
    };
    return span;
  }

  const provider: TracerProvider = {
    getTracer: () => ({
      startSpan: (name, options = {}, given = context.active()) =>
        start(name, options.attributes ?? {}, trace.getSpanContext(given)),
      startActiveSpan: () => {
        throw new TypeError('no test uses it');
      },
    }),
  };
  const kept = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => kept.getStore() ?? ROOT_CONTEXT,
    with: (given, work, self, ...args) => kept.run(given, () => work.apply(self, args)),
    bind: (_given, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(manager);
  return {
    spans,
    stop: () => {
      trace.disable();
      context.disable();
    },
  };
}
