/** A live event before it has its id: what it says, and to whom. */
import type { Division, UserDivision } from '../../domain/vocabulary.ts';
import type { Position } from '../../ports.ts';

/** Who may see an event. `http/live/sse-visibility.ts` checks it for each reader. */
export type Audience =
  | {
      readonly kind: 'ticket' | 'message' | 'note';
      readonly division: Division;
      readonly assignee: string | null;
    }
  /** Those who see the presence of that division, and the person. */
  | { readonly kind: 'presence'; readonly userId: string; readonly division: UserDivision }
  /** Its creator, and those who approve. */
  | { readonly kind: 'blast'; readonly userId: string }
  /** Those who plan visits of that division; those who look into its pool; those who read its invoices; who has the job. */
  | { readonly kind: 'job' | 'pool' | 'invoice'; readonly division: Division }
  | { readonly kind: 'own_job'; readonly userId: string; readonly division: Division }
  | { readonly kind: 'user'; readonly userId: string };

export type LiveName =
  | 'ticket'
  | 'message'
  | 'presence'
  | 'notification'
  | 'blast'
  | 'export'
  | 'unread'
  | 'crm'
  | 'job'
  | 'invoice';

export interface Rendered {
  readonly position: Position;
  readonly event: LiveName;
  readonly audience: Audience;
  /** JSON text. */
  readonly data: string;
  /** Whose present state it shows: the same state is not shown twice. Absent: it is no state. */
  readonly of?: string;
}
