/** What customers of Saga Mobil talk about: cars on ships, their papers, fleets. */
import type { DivisionTalks, Facts } from './talks.ts';

const DOCUMENTS = ['stnk', 'bpkb', 'ktp', 'ntpn', 'ppftz'] as const;

/** The papers come one after the other; elsewhere than in Batam two of them are not needed. */
const documents = (isFtz: boolean, dice: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    DOCUMENTS.map((name, index) => [
      name,
      !isFtz && index > 2 ? 'tidak_perlu' : dice > index * 0.17 ? 'sudah' : 'belum',
    ]),
  );

const car = (facts: Facts, dice: number, more: Readonly<Record<string, unknown>> = {}) => ({
  vehicle_brand_model: facts['car'],
  origin_type: facts['origin'] === 'Batam' ? (dice < 0.7 ? 'batam_ftz' : 'batam_nasional') : 'lainnya',
  documents: documents(facts['origin'] === 'Batam' && dice < 0.7, dice),
  ...more,
});

export const SAVI: DivisionTalks = {
  division: 'savi',
  decides: [2, 13],
  routes: [
    ['Batam', 'Jakarta', 24],
    ['Jakarta', 'Batam', 14],
    ['Jakarta', 'Pontianak', 12],
    ['Surabaya', 'Makassar', 11],
    ['Jakarta', 'Medan', 10],
    ['Jakarta', 'Balikpapan', 8],
    ['Surabaya', 'Denpasar', 6],
    ['Batam', 'Surabaya', 5],
    ['Jakarta', 'Jayapura', 4],
    ['Palembang', 'Jakarta', 3],
    ['Semarang', 'Banjarmasin', 3],
  ],
  topics: [
    {
      weight: 40,
      tags: ['mobil'],
      companies: 0.1,
      price: [5_500_000, 13_500_000],
      asks: [
        'Kirim mobil {car} dari {origin} ke {destination} berapa ya?',
        'Halo kak, mau kirim {car} ke {destination}. Prosesnya gimana?',
        'Min biaya kirim mobil ke {destination}? Mobilnya {car} 🚗',
        'Selamat sore, saya mutasi ke {destination} dan mau bawa mobil',
      ],
      bot: [
        'Halo Kak {name}! {car} ke {destination} bisa lewat kapal ro-ro atau kontainer. Surat-suratnya lengkap ya Kak?',
        'Bisa Kak {name}. Perkiraan 5-10 hari. Mobil atas nama sendiri dan STNK masih berlaku?',
      ],
      tells: [
        'STNK dan BPKB lengkap, atas nama saya',
        'STNK ada, BPKB masih di leasing',
        'Lengkap. Rencana kirim tanggal {date}',
        'Mobilnya {car} tahun 2021, kondisi jalan',
      ],
      offers: [
        'Selamat siang {name}, saya {agent} dari Saga Mobil. {car} bisa ikut kapal {date}. Boleh kirim foto STNK dan BPKB?',
        'Halo {name}, dengan {agent}. Kalau BPKB di leasing kami butuh surat izin kirim, bisa kami bantu formatnya.',
      ],
      found: ['vehicle_brand_model', 'origin_city', 'destination_city'],
      fields: (facts, dice) => car(facts, dice),
    },
    {
      weight: 25,
      tags: ['ftz', 'dokumen'],
      companies: 0.1,
      price: [7_500_000, 16_500_000],
      routes: [
        ['Batam', 'Jakarta', 5],
        ['Batam', 'Surabaya', 2],
        ['Batam', 'Medan', 1],
      ],
      asks: [
        'Kirim {car} plat Batam FTZ ke {destination}, dokumennya apa saja?',
        'Mobil FTZ mau dikeluarkan ke {destination}, bisa bantu urus PPFTZ?',
        'Mau tanya, {car} dari Batam ke {destination} kena pajak lagi?',
      ],
      bot: [
        'Untuk Batam FTZ diperlukan STNK, BPKB, KTP, NTPN dan PPFTZ. Sudah lengkap, Kak {name}?',
        'Bisa kami bantu Kak {name}. Bea dan PPN dihitung dari nilai mobil. Sudah punya NTPN?',
      ],
      tells: ['PPFTZ belum, bisa dibantu?', 'Baru ada STNK sama KTP', 'NTPN itu apa ya kak? 😅'],
      offers: [
        'Bisa {name}, tim kami bantu urus PPFTZ. Saya {agent}, mohon kirim foto STNK dan BPKB.',
        'Halo {name}, saya {agent}. NTPN itu bukti bayar pajak masuk, nanti kami buatkan kode billing-nya.',
      ],
      found: ['vehicle_brand_model', 'origin_type', 'destination_city'],
      fields: (facts, dice) => car(facts, Math.min(dice, 0.69)),
    },
    {
      weight: 20,
      tags: ['b2b', 'armada'],
      companies: 1,
      price: [24_000_000, 118_000_000],
      asks: [
        'Kami {company}, mau kirim {unit} unit {car} ke {destination}',
        'Minta penawaran pengiriman {unit} unit mobil dinas ke {destination}',
        'Dealer kami butuh kirim {unit} unit tiap bulan ke {destination}, bisa kontrak?',
      ],
      bot: ['Baik Kak {name}, untuk {unit} unit ada harga khusus. Tim kami akan menghubungi Kakak ya.'],
      tells: ['Tolong dihubungi sales ya', '{unit} unit {car}, siap kirim mulai {date}'],
      offers: [
        'Selamat pagi {name}, saya {agent}. Untuk {unit} unit kami siapkan car carrier sendiri, boleh minta NPWP perusahaan untuk penawaran resmi?',
      ],
      found: ['vehicle_count', 'destination_city', 'customer_type'],
      fields: (facts, dice) => car(facts, dice, { vehicle_count: Number(facts['unit']) }),
    },
    {
      weight: 15,
      tags: ['listrik'],
      companies: 0.1,
      price: [8_500_000, 17_000_000],
      asks: [
        'Kak kirim mobil listrik ke {destination} bisa?',
        'Wuling / BYD boleh naik kapal ga? Tujuan {destination} ⚡',
      ],
      bot: [
        'Bisa, Kak {name}. Mobil listrik lewat pelabuhan Jakarta dengan baterai 25-49%. Mobilnya tipe apa?',
      ],
      tells: ['{ev} tahun 2025', '{ev}, baterainya sekarang 80%'],
      offers: [
        'Halo {name}, saya {agent}. {ev} aman ya, baterai kami turunkan sendiri di pool sebelum masuk kapal.',
      ],
      found: ['is_electric_vehicle', 'vehicle_brand_model', 'destination_city'],
      fields: (facts, dice) =>
        car(facts, dice, { vehicle_brand_model: facts['ev'], is_electric_vehicle: true }),
    },
  ],
  questions: [
    [
      'Mobil saya sudah naik kapal belum? SGM-{resi}',
      'SGM-{resi}: mobil Kakak sudah di atas kapal, perkiraan sandar {date}.',
    ],
    [
      'Boleh titip barang di dalam mobil?',
      'Maaf Kak, mobil harus kosong sesuai aturan pelayaran. Perlengkapan mobil boleh.',
    ],
    ['BBM harus dikosongkan?', 'Cukup seperempat tangki ya Kak, untuk keluar masuk kapal.'],
    ['Kantor di Batam di mana?', 'Di Ruko Contoh Indah blok C2 no 11, Batam Centre. Buka Senin-Sabtu.'],
    [
      'Asuransi all risk ada?',
      'Ada Kak, 0,5% dari harga mobil. Kalau tidak diambil tetap ada jaminan dasar.',
    ],
    ['Mobil mati pajak bisa dikirim?', 'Bisa Kak, dengan surat pernyataan. Formatnya kami siapkan.'],
  ],
  exchanges: [
    ['Berapa hari sampai {destination}?', 'Rata-rata {days} hari {name}, tergantung antrian pelabuhan.'],
    [
      'Mobilnya dijemput atau saya antar?',
      'Bisa dijemput {name}, driver kami bawa surat tugas dan foto kondisi mobil.',
    ],
    [
      'Kalau lecet tanggung jawab siapa?',
      'Ada berita acara foto sebelum dan sesudah {name}. Kalau ada lecet kami tanggung lewat asuransi.',
    ],
    ['Sudah saya kirim foto STNK ya', 'Sudah saya terima {name}, terima kasih. Tinggal KTP pemilik ya.'],
    ['PPFTZ berapa lama selesai?', 'Sekitar 3-5 hari kerja {name} setelah dokumen lengkap.'],
    ['Bisa antar sampai rumah di {destination}?', 'Bisa {name}, ada tambahan Rp450.000 untuk door to door.'],
  ],
  pictures: ['STNK kak', 'BPKB halaman depan', 'foto mobil dari depan', 'KTP pemilik', ''],
  files: ['Surat izin leasing.pdf', 'Scan STNK BPKB.pdf', 'Surat kuasa.pdf', 'NPWP perusahaan.pdf'],
};
