/** What can be asked of a line of ours at its provider, besides sending (docs/design/channels.md#lines-that-are-watched). */
import type { Fetched } from './media-source.ts';

/**
 * `working`: it sends and hears. `starting`: it will by itself. `scan`: a person has to link it with a phone. `stopped`: a
 * person has to act. `unreachable`: its provider does not answer. `unknown`: nothing can be asked, or it says what nobody
 * here knows.
 */
export const LINE_STATES = ['working', 'starting', 'scan', 'stopped', 'unreachable', 'unknown'] as const;
export type LineState = (typeof LINE_STATES)[number];

export interface LineLook {
  readonly state: LineState;
  /** The provider's own word for it; null: there is none. No personal data. */
  readonly detail: string | null;
}

/** Bodies as the webhook would have brought them, oldest first. */
export type Missed =
  | { readonly kind: 'read'; readonly bodies: readonly string[] }
  | { readonly kind: 'later'; readonly code: string };

/** The functions never reject. */
export interface LineDesk {
  /** The name of the webhook form in which `missed` gives its bodies. */
  readonly form?: string;
  look(line: string, signal: AbortSignal): Promise<LineLook>;
  /** @returns whether the provider took it */
  restart?(line: string, signal: AbortSignal): Promise<boolean>;
  /** The picture that links it with a phone. */
  qr?(line: string, signal: AbortSignal): Promise<Fetched>;
  /** @param since ISO 8601: what reached the line, or became of what left it, after that */
  missed?(line: string, since: string, signal: AbortSignal): Promise<Missed>;
}

/** What the watcher saw last. */
export interface WatchedLine extends LineLook {
  readonly channel: string;
  readonly line: string;
  /** ISO 8601. */
  readonly checkedAt: string;
}
