/** Whose number a channel hides behind another id, and tells only when it is asked (docs/design/channels.md#waha). */
export interface NumberSource {
  /** Is this such an id? @param userId the customer's id at the channel, without our prefix */
  hides(userId: string): boolean;
  /** @returns digits; null: it does not say, or not now. Never rejects */
  numberOf(userId: string, line: string, signal: AbortSignal): Promise<string | null>;
}
