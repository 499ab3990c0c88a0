/** What must be done before anything else is let in. */
import { createStore } from '../lib/store.ts';

/** The API refuses everything until this person has set up a second factor. */
export const secondFactorWanted = createStore(false);
