/** What customers of Sagamovers talk about: homes, flats and offices that move, and the survey before it. */
import type { DivisionTalks, Facts, Topic } from './talks.ts';

const SOURCES = ['google', 'instagram', 'facebook', 'referral', 'website', 'telegram', 'lainnya'] as const;
const RIVALS = ['Pindah Aman', 'Jaya Movers', 'Kilat Box', 'Mitra Angkut'] as const;

const at = <T>(of: readonly T[], dice: number): T => of[Math.floor(dice * of.length)] as T;

const move = (type: string, triggers: readonly string[]): Topic['fields'] => {
  return (facts: Facts, dice: number) => ({
    move_type: type,
    move_trigger: at(triggers, dice),
    how_did_they_find_us: at(SOURCES, (dice * 7) % 1),
    desired_move_date: facts['moveDate'],
    estimated_cbm: Number(facts['cbm']),
    ...(dice < 0.6 && { survey_date: facts['surveyDate'], survey_show_up: dice < 0.5 }),
    ...(dice < 0.45 && { survey_result_cbm: Number(facts['cbm']) + 3 }),
    ...(dice > 0.75 && {
      competitor_mentioned: at(RIVALS, (dice * 13) % 1),
      competitor_price: Math.round(Number(facts['amount']) * 0.00092) * 1_000,
    }),
  });
};

export const SAFIA: DivisionTalks = {
  division: 'safia',
  decides: [5, 26],
  routes: [
    ['Depok', 'Surabaya', 12],
    ['Jakarta', 'Bandung', 16],
    ['Jakarta', 'Tangerang', 14],
    ['Bekasi', 'Yogyakarta', 11],
    ['Jakarta', 'Denpasar', 9],
    ['Bandung', 'Jakarta', 8],
    ['Jakarta', 'Semarang', 7],
    ['Bogor', 'Malang', 6],
    ['Jakarta', 'Balikpapan', 5],
    ['Tangerang', 'Solo', 4],
    ['Surabaya', 'Jakarta', 4],
  ],
  topics: [
    {
      weight: 48,
      tags: ['rumah'],
      companies: 0,
      price: [3_500_000, 22_000_000],
      asks: [
        'Saya mau pindahan rumah dari {origin} ke {destination} akhir bulan',
        'Halo kak, biaya pindahan rumah {room} kamar {origin} - {destination}?',
        'Mau pindah tanggal {date}, bisa survei dulu?',
        'Permisi, jasa pindahan termasuk bongkar pasang lemari & AC ga?',
      ],
      bot: [
        'Siap Kak {name}! Kira-kira berapa kamar dan ada barang besar apa saja?',
        'Halo Kak {name} 🏠 Kami bantu packing, angkut, sampai tata ulang. Boleh info jumlah kamar dan lantainya?',
      ],
      tells: [
        '{room} kamar, ada {big}',
        'Rumah 2 lantai, {room} kamar. {big} sama kulkas 2 pintu',
        '{room} kamar tidur, barang ga terlalu banyak. Ada {big}',
      ],
      offers: [
        'Halo {name}, saya {agent} dari Sagamovers. Boleh kami survei {surveyDay} pukul 10? Gratis ya.',
        'Selamat siang {name}, dengan {agent}. Untuk {big} butuh kru tambahan, kami hitung saat survei ya.',
      ],
      found: ['move_type', 'origin_city', 'destination_city', 'estimated_cbm'],
      fields: move('rumah', ['mutasi_kerja', 'beli_rumah', 'habis_sewa', 'pulang_kampung']),
    },
    {
      weight: 27,
      tags: ['apartemen'],
      companies: 0,
      price: [2_200_000, 8_500_000],
      asks: [
        'Pindahan apartemen studio ke {destination}, bisa hari Sabtu?',
        'Kak mau pindah apart 2BR dari {origin}, ada lift barang. Berapa?',
        'Biaya pindah kosan ke {destination} kak? Barangnya dikit 😁',
      ],
      bot: ['Bisa Kak {name}. Lantai berapa, dan apakah ada lift barang?'],
      tells: [
        'Lantai {floor}, ada lift barang tapi harus booking',
        'Lantai {floor}. Barang sekitar {cbm} kubik',
      ],
      offers: [
        'Halo {name}, saya {agent}. Untuk lift barang kami bantu surat izin ke pengelola ya.',
        'Siap {name}, dengan {agent}. Kalau barang {cbm} kubik cukup satu engkel box.',
      ],
      found: ['move_type', 'estimated_cbm'],
      fields: move('apartemen', ['habis_sewa', 'mutasi_kerja', 'beli_rumah', 'lainnya']),
    },
    {
      weight: 25,
      tags: ['kantor', 'b2b'],
      companies: 1,
      price: [12_000_000, 86_000_000],
      asks: [
        'Pindahan kantor {floor} lantai di Kuningan, ada?',
        'Kami {company} rencana relokasi kantor ke {destination} bulan depan',
        'Selamat siang, butuh penawaran relokasi kantor {desk} meja kerja',
      ],
      bot: [
        'Ada, Kak {name}. Kami kerjakan di luar jam kerja supaya operasional tidak terganggu. Berapa meja kerja kira-kira?',
      ],
      tells: [
        '{desk} meja, server 2 rak, arsip lumayan banyak',
        'Sekitar {desk} orang. Targetnya weekend tanggal {date}',
      ],
      offers: [
        'Selamat siang {name}, saya {agent}. Tim survei kami bisa datang {surveyDay}, boleh minta denah lantainya?',
      ],
      found: ['move_type', 'customer_type', 'desired_move_date'],
      fields: move('kantor', ['relokasi_kantor']),
    },
  ],
  questions: [
    [
      'Berapa biaya titip barang 1 bulan?',
      'Penitipan mulai dari Rp75.000 per meter kubik per bulan Kak, gudang ber-AC.',
    ],
    ['Kardusnya dari kalian?', 'Iya Kak, kardus, bubble wrap dan lakban sudah termasuk.'],
    ['Bisa bongkar pasang AC?', 'Bisa Kak, Rp350.000 per unit termasuk freon tambahan bila perlu.'],
    ['Melayani luar Jawa?', 'Iya Kak, kami melayani Bali, Sumatera, Kalimantan dan Sulawesi.'],
    ['Survei bayar ga?', 'Survei gratis untuk Jabodetabek dan Bandung Kak 😊'],
    [
      'Hewan peliharaan ikut bisa?',
      'Untuk hewan kami sarankan jasa khusus Kak, kami bantu kenalkan rekanan.',
    ],
  ],
  exchanges: [
    ['Surveinya jam berapa?', 'Pukul 10 ya {name}, petugas kami akan menelepon satu jam sebelumnya.'],
    ['Tukangnya berapa orang?', 'Untuk {cbm} kubik kami kirim 5 kru dan 1 supervisor {name}.'],
    [
      'Kalau barang pecah gimana?',
      'Semua barang kami data dan foto {name}, yang pecah karena kru kami diganti.',
    ],
    [
      'Perlu saya packing sendiri?',
      'Tidak perlu {name}, kru kami yang packing. Barang berharga saja yang dibawa sendiri.',
    ],
    ['Piano bisa?', 'Bisa {name}, ada kru dan alat khusus. Tambah Rp1.200.000.'],
    [
      'Makasih tadi surveinya, ramah banget orangnya',
      'Terima kasih {name} 🙏 Penawaran lengkapnya saya kirim hari ini.',
    ],
  ],
  pictures: [
    'ruang tamunya',
    'lemari 3 pintu, bisa dibongkar',
    'pianonya kak',
    'jalan depan rumah, truk masuk?',
    '',
  ],
  files: ['Denah lantai 2.pdf', 'Daftar barang.pdf', 'Izin pengelola gedung.pdf', 'RFQ relokasi.pdf'],
};
