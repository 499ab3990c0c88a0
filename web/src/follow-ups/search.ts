/** The Follow-Up Center in the address. */
import type { Division } from '../lib/api.ts';
import { CATEGORIES, type Category } from './words.ts';

export interface FollowUpSearch {
  category?: Category;
  division?: Division;
  whose?: 'me';
}

const DIVISIONS = ['sari', 'savi', 'safia'] as const;

/** Anything else in an address is as if it were not there. */
export function followUpSearch(search: Record<string, unknown>): FollowUpSearch {
  const category = CATEGORIES.find((one) => one === search['category']);
  const division = DIVISIONS.find((one) => one === search['division']);
  return {
    ...(category === undefined ? {} : { category }),
    ...(division === undefined ? {} : { division }),
    ...(search['whose'] === 'me' ? { whose: 'me' } : {}),
  };
}
