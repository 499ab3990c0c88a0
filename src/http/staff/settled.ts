import type { Position } from '../../ports.ts';
import type { Parts } from '../framework/http-context.ts';
import { id } from '../framework/schemas.ts';

/** Other processes read the change from the read tables: they are told once it stands there. */
export async function settled(
  parts: Parts,
  caller: { readonly id: string },
  position: Position,
): Promise<void> {
  await parts.readYourWrites.wrote(caller.id, position);
  await parts.readYourWrites.ready(caller.id);
}
