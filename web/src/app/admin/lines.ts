/** Our lines as the watcher saw them; asked for again while somebody looks. */
import { useQuery } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from '../../lib/api.ts';
import type { Tone } from '../../ui/badge.tsx';

const EVERY_MS = 10_000;

export type WatchedLine = Schemas['Line'];
export const linesKey = ['admin', 'channels'] as const;

export const useLines = () =>
  useQuery({
    queryKey: linesKey,
    queryFn: ({ signal }) => dataOf(api.GET('/api/admin/channels', { signal })),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  });

export const STATE: Readonly<
  Record<WatchedLine['state'], { readonly word: string; readonly tone: Tone; readonly hint?: string }>
> = {
  working: { word: 'Terhubung', tone: 'green' },
  starting: { word: 'Sedang menyambung', tone: 'yellow' },
  scan: {
    word: 'Perlu dipindai',
    tone: 'red',
    hint: 'Hubungkan lagi dengan memindai kode QR dari ponselnya.',
  },
  stopped: { word: 'Berhenti', tone: 'red', hint: 'Perlu ditindaklanjuti di penyedia layanan.' },
  unreachable: {
    word: 'Tidak menjawab',
    tone: 'orange',
    hint: 'Penyedia layanan tidak menjawab. Dicoba lagi setiap menit.',
  },
  unknown: { word: 'Belum diketahui', tone: 'grey' },
};

/** Names of providers are their own. */
const PROVIDERS: Readonly<Record<string, string>> = {
  whatsapp: 'Meta',
  twilio: 'Twilio',
  waha: 'WAHA',
  telegram: 'Telegram',
  instagram: 'Meta',
  messenger: 'Meta',
  web: 'Situs kita',
};
export const providerOf = ({ provider }: Pick<WatchedLine, 'provider'>): string =>
  PROVIDERS[provider] ?? provider;
