/** Adds a tag to the catalogue that dashboards offer (docs/design/api.md#tag-catalogue). */
import { z } from 'zod';
import { Refusal } from '../../domain/refusals.ts';
import { nameKey } from '../../domain/settings/name-key.ts';
import {
  CATALOGUE_ID,
  type CatalogueEvent,
  tagCatalogue,
  type TagCatalogue,
} from '../../domain/settings/tag-catalogue.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { tagName } from '../tickets/tag.ts';

export const input = z.strictObject({
  name: tagName,
  color: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'Isi warna, misalnya #1a73e8'),
});
export type DefineTagInput = z.infer<typeof input>;

/**
 * One name, however it is written.
 * @param ownId the tag that may keep the name
 * @throws Refusal TAG_NAME_TAKEN
 */
export function requireFreeTagName({ byKey }: TagCatalogue, name: string, ownId: string): void {
  const known = byKey.get(nameKey(name));
  if (known && known.id !== ownId) throw new Refusal('TAG_NAME_TAKEN');
}

/** @throws Refusal TAG_NAME_TAKEN */
export function decideDefineTag(state: TagCatalogue, tag: DefineTagInput, tagId: string): CatalogueEvent[] {
  requireFreeTagName(state, tag.name, tagId);
  return [{ type: 'TagDefined', data: { tagId, ...tag, kind: 'custom' } }];
}

export const defineTag =
  ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) =>
  async (ctx: CommandContext, tag: DefineTagInput) => {
    const id = ids.next();
    const { events, position } = await handler.executeCommand(
      tagCatalogue,
      CATALOGUE_ID,
      eventContextOf(ctx, clock),
      (state) => decideDefineTag(state, tag, id),
    );
    return {
      id: events[0]?.data.tagId ?? id,
      name: tag.name,
      color: tag.color,
      type: 'custom' as const,
      position,
    };
  };
