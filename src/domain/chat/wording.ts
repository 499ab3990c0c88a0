/** What the bot says that is in no FAQ. Indonesian: customers read it. */
export const BOT_WORDS = {
  thanks: 'Sama-sama! Kalau ada yang ingin ditanyakan lagi, silakan tulis di sini.',
  refused: 'Baik, tidak apa-apa. Saya tetap di sini kalau Anda butuh informasi.',
  ready:
    'Terima kasih atas kepercayaan Anda. Ketuk "Chat dengan Admin", tim kami menyiapkan pesanan Anda lebih dulu.',
  handedOff: 'Baik, saya sambungkan dengan admin kami. Mohon tunggu sebentar.',
  handedOffAtNight:
    'Tim kami sedang di luar jam layanan. Pesan Anda sudah masuk antrean dan dibalas pada hari kerja berikutnya.',
  which: 'Maksud Anda yang mana?',
  unknown:
    'Maaf, saya belum punya jawaban yang pasti untuk pertanyaan itu. Ketuk "Chat dengan Admin" agar tim kami membantu Anda.',
  denied: 'Maaf, saya hanya bisa membantu soal layanan kami. Ada yang ingin ditanyakan tentang itu?',
  stopped: 'Baik, kami tidak akan mengirim penawaran lagi. Pertanyaan Anda tetap kami jawab di sini.',
} as const;
