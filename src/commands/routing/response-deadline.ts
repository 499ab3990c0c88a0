/**
 * How long an agent has for the first answer after a ticket came to them
 * (docs/design/business-rules.md#response-deadline).
 */

/** Minutes; null: no limit. */
export type ResponseLimit = number | null;

/** @returns the field of the event that says so, or nothing where there is no limit */
export const responseDeadlineOf = (at: string, minutes: ResponseLimit): { replyBy?: string } =>
  minutes === null ? {} : { replyBy: new Date(Date.parse(at) + minutes * 60_000).toISOString() };
