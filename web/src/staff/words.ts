/** The words of signing in and of one's own account. */
export const words = {
  profile: 'Profil',
  signOut: 'Keluar',
  login: {
    title: 'Masuk ke Saga',
    lead: 'Satu kotak masuk untuk semua percakapan pelanggan.',
    email: 'Email',
    password: 'Kata sandi',
    show: 'Tampilkan kata sandi',
    hide: 'Sembunyikan kata sandi',
    submit: 'Masuk',
    submitting: 'Memeriksa…',
    code: 'Kode verifikasi',
    codeLead: 'Buka aplikasi autentikator Anda dan masukkan kode 6 angka, atau salah satu kode pemulihan.',
    verify: 'Verifikasi',
    back: 'Kembali',
  },
  password: {
    title: 'Ganti kata sandi',
    forced: 'Kata sandi Anda sementara. Buat kata sandi sendiri untuk melanjutkan.',
    current: 'Kata sandi sekarang',
    next: 'Kata sandi baru',
    hint: 'Minimal 10 karakter. Kalimat pendek yang hanya Anda tahu lebih kuat daripada satu kata.',
    code: 'Kode verifikasi',
    done: 'Kata sandi diganti. Sesi lain Anda sudah diakhiri.',
    submit: 'Ganti kata sandi',
  },
};
