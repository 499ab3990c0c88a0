import { pageNormalizer } from '../meta/page-events.ts';

export const messengerEvents = pageNormalizer('facebook');
