import type { Position } from '../../ports.ts';
import type { HttpContext } from '../framework/http-context.ts';

/** Other processes read the change from the read tables: they are told once it stands there. */
export async function settled(
  context: HttpContext,
  caller: { readonly id: string },
  position: Position,
): Promise<void> {
  await context.readYourWrites.wrote(caller.id, position);
  await context.readYourWrites.ready(caller.id);
}
