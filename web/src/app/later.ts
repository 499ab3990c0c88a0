/**
 * What the first screen does without, but must be there before the network goes: the outbox, and the line that says that the
 * connection is away (docs/design/dashboard.md#first-load).
 */
export { AwayLine } from './away-line.tsx';
export { loadOutbox } from '../lib/outbox.ts';
