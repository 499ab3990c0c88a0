/** A group of staff in a chat that is told of customers who wait (docs/design/channels.md#waha). */
export interface StaffGroup {
  /** Once, never repeated; never rejects. @returns null: it was taken; else the code of the channel */
  tell(text: string, signal: AbortSignal): Promise<string | null>;
}
