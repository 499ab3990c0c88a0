/** What super admins are told of a stream that is not whole (docs/design/reliability.md#whole-streams). It names no customer. */

const OF_A_TICKET = /^(?:ticket|conversation|internal)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export interface StreamNotWholeNotice {
  readonly kind: 'stream_not_whole';
  readonly layer: null;
  readonly text: string;
  readonly ticket_id: string | null;
}

/** @param stream its name, as operators know it */
export const streamNotWholeNotice = (stream: string): StreamNotWholeNotice => ({
  kind: 'stream_not_whole',
  layer: null,
  text:
    `Riwayat ${stream} di penyimpanan data tidak utuh lagi. Perintah untuk data itu ditolak; data lain tetap berjalan. ` +
    'Hubungi tim teknis.',
  ticket_id: OF_A_TICKET.exec(stream)?.[1] ?? null,
});
