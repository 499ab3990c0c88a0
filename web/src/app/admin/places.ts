/** The pages of the administration; one that a person may not open is not there. */
import {
  Activity,
  Cable,
  CalendarClock,
  Bot,
  History,
  Inbox,
  type LucideIcon,
  MessageSquareQuote,
  MessageSquareReply,
  ShieldCheck,
  Tags,
  Users,
} from 'lucide-react';
import type { Me, Privilege } from '../../lib/api.ts';

export interface AdminPlace {
  readonly to: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: LucideIcon;
  readonly needs: readonly [Privilege, ...Privilege[]];
}

export const ADMIN_PLACES = [
  {
    to: '/admin/users',
    label: 'Pengguna',
    hint: 'Akun, peran, dan privilege per orang',
    icon: Users,
    needs: ['manage_users'],
  },
  {
    to: '/admin/privileges',
    label: 'Hak per peran',
    hint: 'Apa yang boleh dilakukan setiap peran',
    icon: ShieldCheck,
    needs: ['manage_privileges'],
  },
  {
    to: '/admin/office-hours',
    label: 'Jam operasional',
    hint: 'Hari dan jam buka setiap divisi',
    icon: CalendarClock,
    needs: ['manage_office_hours'],
  },
  {
    to: '/admin/tags',
    label: 'Tag',
    hint: 'Nama dan warna penanda tiket',
    icon: Tags,
    needs: ['manage_tags'],
  },
  {
    to: '/admin/templates',
    label: 'Template',
    hint: 'Pesan untuk follow-up dan blast',
    icon: MessageSquareQuote,
    needs: ['manage_templates'],
  },
  {
    to: '/admin/quick-replies',
    label: 'Balasan cepat',
    hint: 'Kalimat siap pakai untuk semua',
    icon: MessageSquareReply,
    needs: ['manage_templates'],
  },
  {
    to: '/admin/channels',
    label: 'Channel',
    hint: 'Nomor, halaman, dan bot kita',
    icon: Cable,
    needs: ['manage_channels'],
  },
  {
    to: '/admin/faq',
    label: 'FAQ chatbot',
    hint: 'Yang dijawab bot di situs, dengan uji coba',
    icon: Bot,
    needs: ['manage_faq'],
  },
  {
    to: '/admin/dead-letters',
    label: 'Pesan tak terbaca',
    hint: 'Kiriman channel yang belum dimengerti',
    icon: Inbox,
    needs: ['dead_letters_read'],
  },
  {
    to: '/admin/audit',
    label: 'Jejak audit',
    hint: 'Perubahan administrasi dan akses data',
    icon: History,
    needs: ['manage_users', 'audit_read'],
  },
  {
    to: '/admin/projections',
    label: 'Kesehatan sistem',
    hint: 'Tampilan data, pekerjaan, dan channel',
    icon: Activity,
    needs: ['dead_letters_read'],
  },
] as const satisfies readonly AdminPlace[];

export const adminPlacesOf = ({ privileges }: Me): readonly (typeof ADMIN_PLACES)[number][] =>
  ADMIN_PLACES.filter(({ needs }: AdminPlace) => needs.some((one) => privileges.includes(one)));
