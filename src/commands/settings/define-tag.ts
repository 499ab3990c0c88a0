/** Adds a tag to the catalogue that dashboards offer (docs/design/api.md#tag-catalogue). */
import { z } from 'zod';
import { Refusal } from '../../domain/refusals.ts';
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

export const input = z.strictObject({ name: tagName, color: z.string().regex(/^#[0-9a-fA-F]{6}$/) });
export type DefineTagInput = z.infer<typeof input>;

/** @throws Refusal TAG_NAME_TAKEN */
export function decideDefineTag(state: TagCatalogue, tag: DefineTagInput, tagId: string): CatalogueEvent[] {
  if (state.names.has(tag.name.toLowerCase())) throw new Refusal('TAG_NAME_TAKEN');
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
