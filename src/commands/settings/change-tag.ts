/** Changes a tag of the catalogue, or takes it out (docs/design/api.md#tag-catalogue). Tickets keep the words they have. */
import type { z } from 'zod';
import { Refusal } from '../../domain/refusals.ts';
import {
  CATALOGUE_ID,
  type CatalogueEvent,
  type ListedTag,
  tagCatalogue,
  type TagCatalogue,
} from '../../domain/settings/tag-catalogue.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { input as tagInput, requireFreeTagName } from './define-tag.ts';

export const input = tagInput.partial();
export type PatchTagInput = z.infer<typeof input>;

/** @throws Refusal TAG_NOT_FOUND */
function requireTag({ byId }: TagCatalogue, tagId: string): ListedTag {
  const found = byId.get(tagId);
  if (!found) throw new Refusal('TAG_NOT_FOUND');
  return found;
}

/** The same again makes no event. @throws Refusal TAG_NOT_FOUND, TAG_NAME_TAKEN */
export function decidePatchTag(state: TagCatalogue, tagId: string, patch: PatchTagInput): CatalogueEvent[] {
  const found = requireTag(state, tagId);
  const { name = found.name, color = found.color } = patch;
  requireFreeTagName(state, name, tagId);
  if (name === found.name && color === found.color) return [];
  return [{ type: 'TagChanged', data: { tagId, name, color } }];
}

/** A tag that the program itself puts on tickets stays. @throws Refusal TAG_NOT_FOUND, TAG_OF_SYSTEM */
export function decideDeleteTag(state: TagCatalogue, tagId: string): CatalogueEvent[] {
  if (requireTag(state, tagId).kind === 'system') throw new Refusal('TAG_OF_SYSTEM');
  return [{ type: 'TagDeleted', data: { tagId } }];
}

interface Deps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
}

export const patchTag =
  ({ handler, clock }: Deps) =>
  async (ctx: CommandContext, tagId: string, patch: PatchTagInput) => {
    const { state, position } = await handler.executeCommand(
      tagCatalogue,
      CATALOGUE_ID,
      eventContextOf(ctx, clock),
      (current) => decidePatchTag(current, tagId, patch),
    );
    const { id, name, color, kind } = requireTag(state, tagId);
    return { id, name, color, type: kind, position };
  };

export const deleteTag =
  ({ handler, clock }: Deps) =>
  async (ctx: CommandContext, tagId: string) => {
    const { position } = await handler.executeCommand(
      tagCatalogue,
      CATALOGUE_ID,
      eventContextOf(ctx, clock),
      (current) => decideDeleteTag(current, tagId),
    );
    return { position };
  };
