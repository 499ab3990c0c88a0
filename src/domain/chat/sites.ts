/** The sites that the web chat is on (docs/design/chat.md#sites). */
import type { Division } from '../vocabulary.ts';

export interface ChatSite {
  readonly key: string;
  readonly division: Division;
  /** Beside the product's own address, which may always: scheme, host and port. */
  readonly origins: readonly string[];
}
