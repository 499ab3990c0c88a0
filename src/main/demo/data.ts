/** The people and conversations of the demo. All are invented; the phone numbers (628000...) do not exist. */
import type { Role, UserDivision } from '../../domain/vocabulary.ts';

export interface DemoAccount {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly division: UserDivision;
}

const agent = (n: 1 | 2, division: 'sari' | 'savi' | 'safia', name: string): DemoAccount => ({
  email: `agent${String(n)}.${division}@demo.saga`,
  name,
  role: 'sales_agent',
  division,
});

const fieldService = (
  division: 'sari' | 'savi' | 'safia',
  dispatcher: string,
  technician: string,
): readonly DemoAccount[] => [
  { email: `dispatcher.${division}@demo.saga`, name: dispatcher, role: 'dispatcher', division },
  { email: `teknisi1.${division}@demo.saga`, name: technician, role: 'technician', division },
];

/** docs/design/architecture.md#demo. */
export const ACCOUNTS: readonly DemoAccount[] = [
  { email: 'sa@demo.saga', name: 'Sahpri', role: 'super_admin', division: 'all' },
  { email: 'tl@demo.saga', name: 'Tuti Lestari', role: 'team_lead', division: 'sari' },
  agent(1, 'sari', 'Andi Saputra'),
  agent(2, 'sari', 'Ayu Wulandari'),
  agent(1, 'savi', 'Bagus Pratama'),
  agent(2, 'savi', 'Bella Anggraini'),
  agent(1, 'safia', 'Citra Dewi'),
  agent(2, 'safia', 'Candra Wijaya'),
  ...fieldService('sari', 'Dina Marlina', 'Joko Susilo'),
  ...fieldService('savi', 'Desi Ratnasari', 'Suryadi'),
  ...fieldService('safia', 'Dewi Anjani', 'Teguh Wibowo'),
  { email: 'viewer.sari@demo.saga', name: 'Vina Oktavia', role: 'viewer', division: 'sari' },
];

/** Templates as Meta approves them, with names of the demo. */
export const TEMPLATES = [
  {
    name: 'Tanya kabar penawaran',
    language: 'id',
    body: 'Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?',
    whatsapp_template_name: 'tanya_kabar_penawaran',
  },
  {
    name: 'Jadwal pengiriman',
    language: 'id',
    body: 'Halo {{name}}, jadwal kirim dari {{origin_city}} ke {{destination_city}} minggu ini masih tersedia. Mau kami pesankan?',
    whatsapp_template_name: 'jadwal_pengiriman',
  },
  {
    name: 'Sapa pelanggan lama',
    language: 'id',
    body: 'Halo {{name}}, sudah lama tidak mengirim bersama kami. Balas pesan ini bila ada rencana kirim, atau BERHENTI bila tidak ingin dihubungi.',
    whatsapp_template_name: 'sapa_pelanggan_lama',
  },
] as const;

/** One message of a conversation: who says what. `agent`: the agent who has the ticket. */
export type DemoLine = readonly ['customer' | 'bot' | 'agent', string];

export interface DemoTalk {
  readonly userId: string;
  readonly name: string;
  readonly channel: 'whatsapp' | 'telegram' | 'instagram' | 'facebook' | 'web';
  readonly division: 'sari' | 'savi' | 'safia';
  /** The conversation began so many hours ago; its messages are two minutes apart. */
  readonly hoursAgo: number;
  readonly lines: readonly DemoLine[];
  readonly handoff?: boolean;
  /** E-mail of the agent who takes the ticket over. */
  readonly takenBy?: string;
  readonly tags?: readonly string[];
  readonly note?: string;
  /** The CRM data that the agent enters. */
  readonly crm?: object;
  readonly closed?: string;
}

export const DEMO_TAGS = [
  { name: 'b2b', color: '#1E88E5' },
  { name: 'kargo', color: '#6D4C41' },
  { name: 'ftz', color: '#F4511E' },
  { name: 'survei', color: '#43A047' },
  { name: 'urgent', color: '#E53935' },
] as const;

/** What `/` offers in an empty reply box; the shortcut is what one types. */
export const QUICK_REPLIES = [
  {
    shortcut: 'salam',
    title: 'Salam pembuka',
    body: 'Halo {{name}}, saya {{agent_name}} dari Saga. Ada yang bisa kami bantu?',
    division: null,
  },
  {
    shortcut: 'tunggu',
    title: 'Mohon menunggu',
    body: 'Baik, mohon tunggu sebentar. Kami cek dulu, lalu segera kami kabari.',
    division: null,
  },
  {
    shortcut: 'terima-kasih',
    title: 'Penutup',
    body: 'Terima kasih sudah menghubungi Saga, {{name}}. Kami siap membantu kapan saja.',
    division: null,
  },
  {
    shortcut: 'ukuran',
    title: 'Minta berat dan ukuran',
    body: 'Untuk menghitung ongkir dari {{origin_city}} ke {{destination_city}}, mohon info berat, panjang, lebar dan tinggi barangnya.',
    division: 'sari',
  },
  {
    shortcut: 'ftz',
    title: 'Dokumen mobil dari Batam',
    body: 'Mobil dari Batam memerlukan STNK, BPKB, KTP, NTPN dan PPFTZ. Dokumen mana yang sudah ada?',
    division: 'savi',
  },
  {
    shortcut: 'survei',
    title: 'Tawarkan survei',
    body: 'Agar penawarannya tepat, tim kami bisa survei isi rumah tanpa biaya. Hari apa yang cocok, {{name}}?',
    division: 'safia',
  },
] as const;

export const TALKS: readonly DemoTalk[] = [
  {
    userId: 'wa_6280001110001',
    name: 'Budi Santoso',
    channel: 'whatsapp',
    division: 'sari',
    hoursAgo: 2,
    lines: [
      ['customer', 'Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg'],
      [
        'bot',
        'Halo Kak Budi! Untuk kargo Jakarta - Batam tersedia layanan laut dan udara. Barangnya apa ya, Kak?',
      ],
      ['customer', 'Suku cadang mesin, sudah dipak kayu'],
      [
        'agent',
        'Selamat siang Pak Budi, saya Andi dari Saga Kargo. Untuk 250 kg via laut estimasi 5-7 hari, saya siapkan penawarannya.',
      ],
    ],
    takenBy: 'agent1.sari@demo.saga',
    tags: ['b2b', 'kargo'],
    note: 'Minta volume dulu sebelum kirim penawaran.',
    crm: {
      crm_stage: 'Proposal',
      customer_type: 'company',
      origin_city: 'Jakarta',
      destination_city: 'Batam',
      quote_value: 3_750_000,
      crm_fields: { service_type: 'kargo', cargo_weight_kg: 250 },
    },
  },
  {
    userId: 'wa_6280001110002',
    name: 'Siti Rahma',
    channel: 'whatsapp',
    division: 'sari',
    hoursAgo: 1,
    lines: [
      ['customer', 'Bisa kirim motor Vario dari Bandung ke Medan?'],
      ['bot', 'Bisa, Kak Siti. Motor dikirim dengan rangka kayu dan asuransi. Kapan rencana kirimnya?'],
      ['customer', 'Minggu depan kalau bisa'],
    ],
  },
  {
    userId: 'tg_80020001',
    name: 'Rudi Hartono',
    channel: 'telegram',
    division: 'sari',
    hoursAgo: 5,
    lines: [
      ['customer', 'Air cargo ke Makassar berapa per kilo?'],
      ['bot', 'Untuk air cargo Jakarta - Makassar mulai dari minimum 10 kg. Berapa kilo, Kak?'],
      ['customer', 'Sekitar 40 kg, tapi saya mau bicara dengan orang langsung'],
    ],
    handoff: true,
  },
  {
    userId: 'web_demo-visitor-1',
    name: 'Maria Ulfa',
    channel: 'web',
    division: 'sari',
    hoursAgo: 30,
    lines: [
      ['customer', 'Apakah ada kontrak bulanan untuk toko online?'],
      ['bot', 'Ada, Bu Maria. Untuk 500 kg per bulan ada tarif khusus; tim kami kirim lewat email ya.'],
    ],
    takenBy: 'agent2.sari@demo.saga',
    tags: ['b2b', 'rutin'],
    closed: 'Sudah dijawab lewat email',
  },
  {
    userId: 'wa_6280002220001',
    name: 'Hendra Gunawan',
    channel: 'whatsapp',
    division: 'savi',
    hoursAgo: 3,
    lines: [
      ['customer', 'Kirim mobil Innova dari Batam ke Jakarta, plat FTZ, dokumen apa saja?'],
      ['bot', 'Untuk Batam FTZ diperlukan STNK, BPKB, KTP, NTPN dan PPFTZ. Sudah lengkap, Kak?'],
      ['customer', 'PPFTZ belum, bisa dibantu?'],
      ['agent', 'Bisa Pak Hendra, tim kami bantu urus PPFTZ. Mohon kirim foto STNK dan BPKB.'],
    ],
    takenBy: 'agent1.savi@demo.saga',
    tags: ['ftz'],
    note: 'Dokumen FTZ belum lengkap, jangan jadwalkan kapal dulu.',
    crm: {
      crm_stage: 'Qualified',
      customer_type: 'individual',
      origin_city: 'Batam',
      destination_city: 'Jakarta',
      crm_fields: {
        vehicle_brand_model: 'Toyota Innova',
        origin_type: 'batam_ftz',
        documents: { stnk: 'sudah', bpkb: 'sudah', ktp: 'sudah', ntpn: 'sudah', ppftz: 'belum' },
      },
    },
  },
  {
    userId: 'ig_80003001',
    name: 'Dewi Kartika',
    channel: 'instagram',
    division: 'savi',
    hoursAgo: 1,
    lines: [
      ['customer', 'Kak, kirim mobil listrik ke Bali bisa?'],
      ['bot', 'Bisa, Kak Dewi. Mobil listrik lewat pelabuhan Jakarta dengan baterai 25-49%.'],
    ],
  },
  {
    userId: 'wa_6280002220002',
    name: 'Agus Salim',
    channel: 'whatsapp',
    division: 'savi',
    hoursAgo: 26,
    lines: [
      ['customer', 'Mau kirim 3 unit Avanza ke Pontianak'],
      ['bot', 'Baik Kak Agus, untuk tiga unit ada harga khusus.'],
      ['customer', 'Tolong dihubungi sales ya'],
    ],
    handoff: true,
    tags: ['armada'],
  },
  {
    userId: 'wa_6280003330001',
    name: 'Lina Marlina',
    channel: 'whatsapp',
    division: 'safia',
    hoursAgo: 4,
    lines: [
      ['customer', 'Saya mau pindahan rumah dari Depok ke Surabaya akhir bulan'],
      ['bot', 'Siap Kak Lina! Kira-kira berapa kamar dan ada barang besar apa saja?'],
      ['customer', '3 kamar, ada piano'],
      ['agent', 'Halo Bu Lina, saya Citra dari Sagamovers. Boleh kami survei hari Kamis pukul 10?'],
      ['customer', 'Boleh, Kamis jam 10 ya'],
    ],
    takenBy: 'agent1.safia@demo.saga',
    tags: ['survei', 'piano'],
    note: 'Butuh kru tambahan untuk piano.',
    crm: {
      crm_stage: 'Qualified',
      origin_city: 'Depok',
      destination_city: 'Surabaya',
      crm_fields: { move_type: 'rumah', move_trigger: 'mutasi_kerja', estimated_cbm: 28 },
    },
  },
  {
    userId: 'fb_80004001',
    name: 'Yoga Pranata',
    channel: 'facebook',
    division: 'safia',
    hoursAgo: 2,
    lines: [
      ['customer', 'Pindahan kantor 2 lantai di Kuningan, ada?'],
      ['bot', 'Ada, Kak Yoga. Kami kerjakan di luar jam kerja supaya operasional tidak terganggu.'],
    ],
  },
  {
    userId: 'wa_6280003330002',
    name: 'Nurul Hidayah',
    channel: 'whatsapp',
    division: 'safia',
    hoursAgo: 50,
    lines: [
      ['customer', 'Berapa biaya titip barang 1 bulan?'],
      [
        'bot',
        'Penitipan barang mulai dari per meter kubik per bulan, Kak. Informasi lengkap ada di situs kami.',
      ],
      ['customer', 'Oke terima kasih infonya'],
    ],
    closed: 'bot',
  },
];
