/** Facebook Messenger. A line is a page. */
import { pageProvider } from '../meta/page-provider.ts';

export const messenger = pageProvider('messenger', 'facebook');
