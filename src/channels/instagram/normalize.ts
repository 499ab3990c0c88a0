import { pageNormalizer } from '../meta/page-events.ts';

export const instagramEvents = pageNormalizer('instagram');
