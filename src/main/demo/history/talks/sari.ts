/** What customers of Saga Kargo talk about: cargo, motorbikes, air cargo. */
import type { DivisionTalks } from './talks.ts';

export const SARI: DivisionTalks = {
  division: 'sari',
  decides: [0.2, 4],
  routes: [
    ['Jakarta', 'Batam', 22],
    ['Jakarta', 'Medan', 15],
    ['Surabaya', 'Makassar', 13],
    ['Jakarta', 'Pontianak', 10],
    ['Bandung', 'Denpasar', 9],
    ['Jakarta', 'Balikpapan', 8],
    ['Surabaya', 'Banjarmasin', 7],
    ['Semarang', 'Samarinda', 5],
    ['Jakarta', 'Jayapura', 4],
    ['Batam', 'Jakarta', 4],
    ['Tangerang', 'Pekanbaru', 3],
    ['Jakarta', 'Ambon', 2],
    ['Yogyakarta', 'Kupang', 2],
  ],
  topics: [
    {
      weight: 42,
      tags: ['kargo'],
      companies: 0.4,
      price: [900_000, 14_000_000],
      asks: [
        'Halo, ongkir kargo {origin} ke {destination} {kg} kg berapa ya?',
        'Siang kak, mau kirim {goods} dari {origin} ke {destination}',
        'Min, kirim barang {kg} kilo ke {destination} via laut berapa hari?',
        'Assalamualaikum, mau tanya tarif kargo ke {destination}',
        'Permisi, PT kami mau kirim {goods} ke {destination}. Ada armada?',
      ],
      bot: [
        'Halo Kak {name}! Untuk {origin} - {destination} tersedia jalur laut dan darat. Barangnya apa dan berapa berat totalnya?',
        'Hai Kak {name} 👋 Bisa kami bantu. Mohon info jenis barang, berat, dan ukuran kolinya ya.',
      ],
      tells: [
        '{goods}, total {kg} kg, ada {koli} koli',
        'Sekitar {kg} kg, isinya {goods}. Sudah dipak kayu',
        '{kg} kg. Dimensinya nanti saya ukur dulu ya',
        'Barangnya {goods}. Beratnya kira2 {kg}kg, jemput di gudang kami di {origin}',
      ],
      offers: [
        'Selamat siang {name}, saya {agent} dari Saga Kargo. Untuk {kg} kg ke {destination} estimasi {days} hari via laut, saya siapkan penawarannya ya.',
        'Halo {name}, dengan {agent} Saga Kargo. Barangnya {goods} ya, apakah perlu packing kayu tambahan?',
        'Terima kasih sudah menunggu {name} 🙏 Saya {agent}, saya bantu hitungkan dulu ya.',
      ],
      found: ['service_type', 'cargo_weight_kg', 'origin_city', 'destination_city'],
      fields: ({ kg }, dice) => ({
        service_type: 'kargo',
        cargo_weight_kg: Number(kg),
        ...(dice < 0.4 && { cargo_volume_cbm: Math.max(1, Math.round(Number(kg) / 180)) }),
      }),
    },
    {
      weight: 20,
      tags: ['motor'],
      companies: 0.05,
      price: [850_000, 3_200_000],
      asks: [
        'Kirim motor {bike} dari {origin} ke {destination} berapa kak?',
        'Mau kirim {bike} ke {destination}, bisa dijemput di rumah?',
        'Hai, saya pindah kerja ke {destination}. Mau bawa motor {bike}',
        'Biaya kirim motor {origin} - {destination}? 🏍️',
      ],
      bot: [
        'Bisa Kak {name}! Motor dikirim dengan rangka kayu dan asuransi. Rencana kirim kapan ya?',
        'Halo Kak {name}, untuk {bike} ke {destination} bisa jemput di rumah. STNK atas nama sendiri?',
      ],
      tells: [
        'Minggu depan kalau bisa. STNK lengkap',
        'Sekitar tanggal {date}. Motornya masih kredit, ga papa?',
        'Secepatnya kak, saya berangkat {date}',
      ],
      offers: [
        'Halo {name}, saya {agent}. {bike} ke {destination} estimasi {days} hari. BBM dikosongkan dan aki dilepas ya.',
        'Selamat pagi {name}, dengan {agent}. Untuk motor kredit cukup fotokopi STNK dan surat keterangan leasing.',
      ],
      found: ['service_type', 'origin_city', 'destination_city'],
      fields: ({ bike }) => ({
        service_type: 'motor',
        vehicle_type_motor: /Ninja|CBR|R15/.test(String(bike))
          ? 'sport'
          : /Supra|Revo/.test(String(bike))
            ? 'bebek'
            : 'matic',
      }),
    },
    {
      weight: 18,
      tags: ['udara', 'urgent'],
      companies: 0.5,
      price: [400_000, 7_500_000],
      asks: [
        'Air cargo ke {destination} per kilo berapa? Urgent 🙏',
        'Bisa kirim {goods} via udara besok sampai {destination}?',
        'Butuh kirim dokumen + sampel {kg} kg ke {destination}, paling cepat kapan?',
      ],
      bot: [
        'Untuk air cargo {origin} - {destination} minimal 10 kg, 1-2 hari sampai. Berapa kilo, Kak {name}?',
      ],
      tells: ['{kg} kg, bisa diambil sore ini?', 'Kurang lebih {kg} kg. Ada cairan sedikit, boleh?'],
      offers: [
        'Halo {name}, saya {agent}. Penerbangan terakhir ke {destination} malam ini jam 21.00, cut off gudang jam 16.00 ya.',
        'Siap {name}, dengan {agent}. Untuk cairan perlu MSDS, bisa dikirim ke sini dokumennya?',
      ],
      found: ['service_type', 'cargo_weight_kg', 'destination_city'],
      fields: ({ kg }) => ({ service_type: 'air_cargo', cargo_weight_kg: Math.max(10, Number(kg) % 90) }),
    },
    {
      weight: 20,
      tags: ['b2b', 'kargo', 'rutin'],
      companies: 1,
      price: [4_500_000, 38_000_000],
      asks: [
        'Selamat pagi, kami {company} mencari vendor kargo rutin {origin} - {destination}',
        'Apakah ada kontrak bulanan untuk pengiriman ke {destination}? Volume sekitar {ton} ton per bulan',
        'Saya dari bagian logistik {company}, mau minta company profile dan tarif kontrak',
      ],
      bot: [
        'Selamat pagi, {company}! Untuk kontrak bulanan ada tarif khusus mulai 500 kg. Boleh info volume dan rutenya?',
      ],
      tells: [
        'Volumenya {ton} ton per bulan, rute utama {origin} - {destination}. Pembayaran tempo 30 hari',
        'Tiap minggu 2x kirim ke {destination}, rata2 {kg} kg sekali kirim',
      ],
      offers: [
        'Selamat pagi {name}, saya {agent} dari Saga Kargo. Untuk volume {ton} ton kami siapkan tarif kontrak 6 bulan, boleh minta alamat email?',
        'Terima kasih {name}. Saya {agent}, company profile dan contoh kontrak saya kirim hari ini ya.',
      ],
      found: ['service_type', 'destination_city', 'customer_type', 'is_recurring'],
      fields: ({ kg, ton, lastOrder }) => ({
        service_type: 'kargo',
        cargo_weight_kg: Number(kg) * 4,
        is_recurring: true,
        estimated_monthly_volume: Number(ton) * 1_000,
        last_order_date: lastOrder,
      }),
    },
  ],
  questions: [
    [
      'Alamat gudang di Jakarta di mana ya?',
      'Gudang kami di Jl. Contoh Raya no 3, Cakung, buka Senin-Sabtu 08.00-17.00 ya Kak.',
    ],
    [
      'Kiriman saya sudah sampai mana? Resi SGK-{resi}',
      'Resi SGK-{resi}: sudah tiba di gudang {destination}, antar hari ini ya Kak.',
    ],
    [
      'Minimal berat untuk kargo laut berapa?',
      'Minimal 50 kg untuk kargo laut Kak. Di bawah itu tetap bisa, dihitung 50 kg.',
    ],
    [
      'Bisa kirim tanaman hidup?',
      'Bisa Kak, dengan surat karantina dari daerah asal. Lama kirim mengikuti jadwal kapal.',
    ],
    ['Buka hari Minggu?', 'Hari Minggu kami tutup Kak. Pesan tetap masuk dan dibalas Senin pagi.'],
    ['Asuransinya berapa persen?', 'Asuransi 0,3% dari nilai barang Kak, minimal Rp50.000.'],
    ['Bisa COD ga?', 'Belum bisa Kak, pembayaran lewat transfer atau QRIS sebelum barang berangkat.'],
  ],
  exchanges: [
    [
      'Berapa lama sampai {destination}?',
      'Sekitar {days} hari {name}, tergantung jadwal kapal. Yang terdekat berangkat {date}.',
    ],
    [
      'Kalau rusak di jalan gimana?',
      'Tenang {name}, ada asuransi. Klaim maksimal 14 hari kerja setelah dokumen lengkap.',
    ],
    ['Bisa jemput di lokasi?', 'Bisa, jemput gratis untuk area Jabodetabek di atas 100 kg ya {name}.'],
    ['Perlu dipak kayu ga?', 'Untuk {goods} sebaiknya pakai palet kayu {name}, tambah Rp150.000 per koli.'],
    ['Pembayarannya gimana?', 'Transfer ke rekening perusahaan {name}, DP 50% sebelum berangkat.'],
    ['Kak boleh lihat contoh invoice?', 'Boleh {name}, saya kirim contohnya lewat email ya.'],
    [
      'Dari {destination} bisa antar sampai gudang?',
      'Bisa {name}, pengantaran sampai alamat sudah termasuk, bongkar di lantai dasar.',
    ],
  ],
  pictures: ['ini barangnya kak', 'sudah dipak seperti ini', 'foto motornya', '', 'ukurannya segini, muat?'],
  files: ['Packing list.pdf', 'PO-2026-0{resi}.pdf', 'Surat jalan.pdf', 'MSDS cairan.pdf'],
};
