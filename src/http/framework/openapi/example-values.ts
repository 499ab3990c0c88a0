/**
 * The example of a member that means the same wherever it appears, by its name. What one schema or one route means by a
 * name is declared there: `memberExamples` in the schema's `meta`, `examples` in the route. The people and talks are those
 * of `npm run demo`, one talk throughout.
 */

/** The example of a member that is not shown. */
export const LEFT_OUT = '(left out)';

export const EXAMPLE_IDS = {
  ticket: '019a9d1e-7c00-7000-8000-000000000101',
  customer: '019a9d1e-7c00-7000-8000-000000000201',
  andi: '019a9d1e-7c00-7000-8000-000000000301',
  ayu: '019a9d1e-7c00-7000-8000-000000000302',
  sahpri: '019a9d1e-7c00-7000-8000-000000000303',
  message: '019a9d1e-7c00-7000-8000-000000000401',
  template: '019a9d1e-7c00-7000-8000-000000000501',
  blast: '019a9d1e-7c00-7000-8000-000000000601',
  other: '019a9d1e-7c00-7000-8000-000000000701',
} as const;

export const EXAMPLE_TEXTS = {
  question: 'Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg',
  answer: 'Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.',
  template:
    'Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?',
  sent: 'Halo Budi Santoso, ini Andi Saputra dari Saga. Penawaran kami ke Batam masih berlaku.',
} as const;

export const EXAMPLE_VALUES: Readonly<Record<string, unknown>> = {
  // ids
  id: EXAMPLE_IDS.ticket,
  ticket_id: EXAMPLE_IDS.ticket,
  last_ticket_id: EXAMPLE_IDS.ticket,
  customer_id: EXAMPLE_IDS.customer,
  message_id: EXAMPLE_IDS.message,
  user_id: EXAMPLE_IDS.andi,
  sender_id: EXAMPLE_IDS.andi,
  assigned_agent_id: EXAMPLE_IDS.andi,
  notified_agent_id: EXAMPLE_IDS.andi,
  tagged_agent_id: EXAMPLE_IDS.ayu,
  assign_to: EXAMPLE_IDS.andi,
  from_agent: EXAMPLE_IDS.andi,
  to_agent: EXAMPLE_IDS.ayu,
  template_id: EXAMPLE_IDS.template,
  blast_id: EXAMPLE_IDS.blast,
  audit_id: EXAMPLE_IDS.other,
  attachment_id: `${EXAMPLE_IDS.message}-0`,

  // people
  name: 'Andi Saputra',
  email: 'agent1.sari@demo.saga',
  role: 'sales_agent',
  password: 'kata sandi yang panjang',
  customer_name: 'Budi Santoso',
  customer_phone: '+6280001110001',
  sender_name: 'Andi Saputra',
  display_name: 'Saga Team',
  is_active: true,
  max_active_tickets: 12,
  active_ticket_count: 3,
  actor_role: 'sales_agent',

  // signing in
  token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhOWQxZSJ9.c2lnbmF0dXJl',
  challenge: 'c2Vb4kXw7Zr1nTqYp0Hs9LmJd6GfUeAi',
  refresh_token: 'q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE',
  expires_in: 28_800,

  // a ticket
  tags: ['b2b', 'kargo'],
  tag: 'kargo',
  note: 'Tolong ditangani hari ini, pelanggan menunggu penawaran.',
  q: 'budi',

  created_at: '2026-07-03T08:12:00.000Z',

  // what is known of the sale
  crm_stage: 'Proposal',
  quote_value: 3_750_000,
  origin_city: 'Jakarta',
  destination_city: 'Batam',
  customer_type: 'company',
  crm_field_sources: {
    cargo_weight_kg: { source: 'bot', confidence: 0.93, at: '2026-07-03T10:30:00.000Z' },
    quote_value: { source: 'agent', at: '2026-07-03T11:05:00.000Z' },
  },
  cargo_weight_kg: 250,
  cargo_volume_cbm: 1.2,
  vehicle_type_motor: null,
  estimated_monthly_volume: 500,
  last_order_date: '2026-05-18',

  // the talk
  content: 'Minta volume dulu sebelum kirim penawaran.',
  message: EXAMPLE_TEXTS.answer,
  order_id: 'SGK-2026-000123',
  kind: 'document',
  mime_type: 'application/pdf',
  file_name: 'daftar-barang.pdf',
  size: 182_044,

  // follow-up, templates, blasts
  language: 'id',
  body: EXAMPLE_TEXTS.template,
  variables: ['name', 'agent_name', 'destination_city'],
  whatsapp_template_name: 'tanya_kabar_penawaran',
  state_reason: null,
  preview: EXAMPLE_TEXTS.sent,
  template_preview: EXAMPLE_TEXTS.sent,
  rejected_at: '2026-07-03T10:30:00.000Z',
  reject_reason: null,
  pause_reason: null,
  estimated_send_duration_min: 2.5,
  recipient_count: 100,
  response_rate_pct: 20,

  // being told
  text: 'Tiket Budi Santoso ditugaskan kepada Anda',
  unread: 3,
  public_key: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl',
  expirationTime: null,
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',

  // administration
  color: '#6D4C41',
  day_of_week: 1,
  open_time: '08:00',
  close_time: '17:00',
  attempts: 1,
  'checks[]': 'event store',

  // past states, figures, files
  revision: 4,
  start: '2026-07-01',
  end: '2026-07-31',
  start_date: '2026-07-01',
  end_date: '2026-07-31',
  leads: 34,
  won: 30,
  lost: 18,
  cycle_time_avg: 6.25,
  trend_3mo: [
    { month: '2026-05', closing_rate: 55.1, won: 27, lost: 22 },
    { month: '2026-06', closing_rate: 57.45, won: 27, lost: 20 },
    { month: '2026-07', closing_rate: 62.5, won: 30, lost: 18 },
  ],
  top_routes: [
    { origin: 'Jakarta', destination: 'Batam', count: 21 },
    { origin: 'Bandung', destination: 'Medan', count: 9 },
  ],
  seasonal_curve: [41, 38, 66, 72, 51, 117, 128, 0, 0, 0, 0, 0].map((leads, at) => ({
    month: `2026-${String(at + 1).padStart(2, '0')}`,
    leads,
  })),
  idle_ticket_count: 2,
  export_id: EXAMPLE_IDS.other,
  expires: '1783078200',
  signature: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',

  // pages
  limit: 50,
  offset: 0,
  total: 1,
  stale: LEFT_OUT,
  next_cursor: 'eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9',
  cursor: 'eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9',
};
