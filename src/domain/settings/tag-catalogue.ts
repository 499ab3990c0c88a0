/** The tags a dashboard offers, with their colours. A ticket may carry a tag that is not listed here. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

export const CATALOGUE_ID = 'tags';
export const catalogueStream = (id: string): string => `catalogue-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const TagDefined = defineEvent('TagDefined', {
  tagId: z.uuid(),
  name: z.string(),
  color: z.string(),
  kind: z.enum(['system', 'custom']),
});

export const catalogueEvents = [TagDefined] as const;
export type CatalogueEvent = EventOf<typeof TagDefined>;

// ---------------------------------------------------------------- state and evolve

export interface TagCatalogue {
  /** Names in lower case: a tag is one tag however it is written. */
  readonly names: ReadonlySet<string>;
}

export const tagCatalogue: Aggregate<TagCatalogue, CatalogueEvent> = {
  category: 'catalogue',
  stream: catalogueStream,
  initial: { names: new Set() },
  evolve: (state, event) => ({ names: new Set(state.names).add(event.data.name.toLowerCase()) }),
};
