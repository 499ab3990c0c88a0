/** The tags a dashboard offers, with their colours. A ticket may carry a tag that is not listed here. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { nameKey } from './name-key.ts';

// ---------------------------------------------------------------- stream name

export const CATALOGUE_ID = 'tags';
export const catalogueStream = (id: string): string => `catalogue-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const kind = z.enum(['system', 'custom']);
export const TagDefined = defineEvent('TagDefined', {
  tagId: z.uuid(),
  name: z.string(),
  color: z.string(),
  kind,
});
/** Tickets keep the word that they were given. */
export const TagChanged = defineEvent('TagChanged', { tagId: z.uuid(), name: z.string(), color: z.string() });
export const TagDeleted = defineEvent('TagDeleted', { tagId: z.uuid() });

export const catalogueEvents = [TagDefined, TagChanged, TagDeleted] as const;
export type CatalogueEvent = EventOf<(typeof catalogueEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export interface ListedTag {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly kind: z.infer<typeof kind>;
}

export interface TagCatalogue {
  readonly byId: ReadonlyMap<string, ListedTag>;
  /** By `nameKey`: a tag is one tag however it is written. */
  readonly byKey: ReadonlyMap<string, ListedTag>;
}

const catalogueOf = (byId: ReadonlyMap<string, ListedTag>): TagCatalogue => ({
  byId,
  byKey: new Map([...byId.values()].map((tag) => [nameKey(tag.name), tag])),
});

function evolve({ byId }: TagCatalogue, { type, data }: CatalogueEvent): TagCatalogue {
  const next = new Map(byId);
  const known = byId.get(data.tagId);
  if (type === 'TagDeleted') next.delete(data.tagId);
  else if (type === 'TagDefined')
    next.set(data.tagId, { id: data.tagId, name: data.name, color: data.color, kind: data.kind });
  else if (known) next.set(data.tagId, { ...known, name: data.name, color: data.color });
  return catalogueOf(next);
}

export const tagCatalogue: Aggregate<TagCatalogue, CatalogueEvent> = {
  category: 'catalogue',
  stream: catalogueStream,
  initial: catalogueOf(new Map()),
  evolve,
};
