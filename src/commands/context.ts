/** What a command knows about the request it serves. */
import type { Caller } from '../domain/staff/privileges.ts';
import type { Actor, Clock } from '../ports.ts';
import type { EventContext } from '../engine/commands/command-handler.ts';

export interface CommandContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly correlationId: string;
  /** Set where a program acts and no person (a seed, an operator's script): the events name it. */
  readonly actor?: Actor;
  /** Of an `Idempotency-Key`: the same key makes the same event and message ids. */
  readonly key?: string | undefined;
}

/** The metadata of a person's command, with the one moment that all of its events carry. */
export function eventContextOf(ctx: CommandContext, clock: Clock): EventContext {
  const { id, role, division } = ctx.caller;
  return {
    actor: ctx.actor ?? { kind: 'user', id, role, division },
    correlationId: ctx.correlationId,
    causationId: ctx.requestId,
    requestId: ctx.requestId,
    at: clock.now().toISOString(),
    key: ctx.key,
  };
}
