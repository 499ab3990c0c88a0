/** Instagram's messages. A line is a professional account. */
import { pageProvider } from '../meta/page-provider.ts';

export const instagram = pageProvider('instagram', 'instagram');
