/** How often visitors clicked on what the bot proposes: counted by day, without who. */

export interface ChatClick {
  readonly division: string;
  /** YYYY-MM-DD, of the business. */
  readonly day: string;
  readonly intent: string;
  readonly which: 'primary' | 'secondary';
}

export interface ChatClicks {
  /** @throws StoreUnavailable */
  count(click: ChatClick): Promise<void>;
  /** Sums of the days, both included. @throws StoreUnavailable */
  between(
    divisions: readonly string[],
    from: string,
    to: string,
  ): Promise<readonly (Omit<ChatClick, 'day'> & { readonly clicks: number })[]>;
}
