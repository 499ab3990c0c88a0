import type { Position } from '../../ports.ts';
import type { Whole } from './wire/protobuf.ts';

const DIGITS = 20; // of an unsigned 64-bit number

/**
 * `{commit, prepare}` as text that sorts like the log: both padded, commit first
 * (docs/design/reliability.md#positions).
 */
export function positionOf({
  commit,
  prepare,
}: {
  readonly commit: Whole;
  readonly prepare: Whole;
}): Position {
  return `${String(commit).padStart(DIGITS, '0')}-${String(prepare).padStart(DIGITS, '0')}`;
}

/** @returns undefined for START. @throws Error when it is not a position of this adapter */
export function serverPositionOf(
  position: Position,
): { readonly commit: bigint; readonly prepare: bigint } | undefined {
  if (position === '') return undefined;
  const parts = /^(\d{20})-(\d{20})$/.exec(position);
  if (!parts?.[1] || !parts[2]) throw new Error(`not a position of EventStoreDB: ${position}`);
  return { commit: BigInt(parts[1]), prepare: BigInt(parts[2]) };
}
