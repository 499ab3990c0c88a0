/** SQL conditions: what became of the message to one recipient (docs/design/api.md#blast). */

/**
 * The message was sent: the channel accepted it and it did not fail later, or its end is unknown but it was delivered or
 * answered after all.
 * @param row an alias of `read.blast_recipients`
 */
export const sentOf = (row: string): string =>
  `coalesce((${row}.status = 'accepted' and ${row}.delivery is distinct from 'failed')
  or (${row}.status = 'unknown' and (${row}.delivery in ('delivered', 'read') or ${row}.responded_at is not null)), false)`;

/** The message to the recipient `r` was sent. */
export const SENT = sentOf('r');

/** The message to the recipient `r` failed. */
export const FAILED = `coalesce(r.status = 'failed' or (r.status in ('accepted', 'unknown') and r.delivery = 'failed'), false)`;
