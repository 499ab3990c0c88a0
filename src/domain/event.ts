/** How an event type is declared: its name, version, fields, and which of them are personal. */
import { z } from 'zod';

export interface EventDefinition<Type extends string = string, Schema extends z.ZodObject = z.ZodObject> {
  readonly type: Type;
  /** Version of `data`. Raise it with every change that old JSON does not satisfy, and add an upcaster. */
  readonly version: number;
  readonly data: Schema;
  /** Fields that identify a person or hold what they wrote; erasing a customer destroys exactly these. */
  readonly personal: readonly string[];
  /** The value of a personal field after the erasure, where the default of `domain/personal` does not fit. */
  readonly erased: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Fields that are in clear, and that held something personal in events of older programs: what an erasure leaves of them. */
  readonly erasedInOld: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Fields that must never leave the store (credentials): kept out of audit log and replay. */
  readonly secret: readonly string[];
  /** `upcasters[n]` turns data of version n into data of version n + 1. */
  readonly upcasters: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
}

/** The event as the domain handles it: name and typed data. */
export type EventOf<D extends EventDefinition> =
  D extends EventDefinition<infer Type, infer Schema>
    ? { readonly type: Type; readonly data: z.infer<Schema> }
    : never;

/** Declares an event type. Stored format: change by adding a version and an upcaster. */
export function defineEvent<Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  shape: Shape,
  options: {
    version?: number;
    personal?: readonly (keyof Shape & string)[];
    /** From the old value. The result must satisfy the schema and hold nothing of the person. */
    erased?: {
      readonly [Field in keyof Shape & string]?: (value: z.infer<Shape[Field]>) => z.infer<Shape[Field]>;
    };
    /** For events that an older program wrote: see `EventDefinition`. */
    erasedInOld?: {
      readonly [Field in keyof Shape & string]?: (value: z.infer<Shape[Field]>) => z.infer<Shape[Field]>;
    };
    secret?: readonly (keyof Shape & string)[];
    upcasters?: EventDefinition['upcasters'];
  } = {},
): EventDefinition<Type, z.ZodObject<Shape>> {
  return {
    type,
    version: options.version ?? 1,
    data: z.object(shape),
    personal: options.personal ?? [],
    erased: (options.erased ?? {}) as EventDefinition['erased'],
    erasedInOld: (options.erasedInOld ?? {}) as EventDefinition['erasedInOld'],
    secret: options.secret ?? [],
    upcasters: options.upcasters ?? {},
  };
}

/** What a stream's file exports for the command loop: where it lives and how it folds. */
export interface Aggregate<State, Event> {
  readonly category: string;
  /** Name of the stream that holds the aggregate `id`. */
  stream(id: string): string;
  readonly initial: State;
  /** For a stream that may grow without bound: its last so many events are enough to fold. */
  readonly tail?: number;
  /** Never throws, ignores what it does not know. */
  evolve(state: State, event: Event): State;
}
