/** What super admins are told while another event store answers; no event of ours says it (docs/design/reliability.md#the-right-store). */
export const STORE_CHANGED_NOTICE = {
  kind: 'store_changed',
  layer: null,
  text: 'Penyimpanan data yang menjawab bukan yang semestinya. Tidak ada yang diubah; hubungi tim teknis sekarang.',
  ticket_id: null,
} as const;
