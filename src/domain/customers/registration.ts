/**
 * A customer registers by WhatsApp (docs/design/field-service.md#registration-by-whatsapp): `DAFTAR#nama#alamat` in one message, or
 * three questions. How far they are is on their own stream.
 */
import { z } from 'zod';
import { defineEvent, type EventOf } from '../event.ts';
import { showsSomething, withoutUnseenAround } from '../words.ts';
import { cutName } from './name.ts';

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** What is asked for next; `form`: the whole of it in one message. */
export const REGISTRATION_STEPS = ['form', 'name', 'address', 'confirm'] as const;
const step = z.enum(REGISTRATION_STEPS);
export type RegistrationStep = z.infer<typeof step>;

/** `messageId`: what the customer wrote, which caused it. Each cause is answered once. */
const caused = { customerId: z.uuid(), messageId: z.uuid() };

export const RegistrationAsked = defineEvent(
  'RegistrationAsked',
  {
    ...caused,
    step,
    /** They were not understood, and are told how once; the next time a person goes on. */
    isHint: z.boolean(),
    name: z.string().nullable(),
    address: z.string().nullable(),
    /** From then on it is as if it had not begun. */
    expiresAt: z.iso.datetime(),
  },
  { personal: ['name', 'address'] },
);
export const RegistrationEnded = defineEvent('RegistrationEnded', {
  ...caused,
  because: z.enum(['cancelled', 'not_understood']),
});
/** They said who they are: it holds as what a person of ours writes down. */
export const CustomerSelfRegistered = defineEvent(
  'CustomerSelfRegistered',
  { ...caused, name: z.string().nullable(), address: z.string().nullable() },
  { personal: ['name', 'address'] },
);

export const registrationEvents = [RegistrationAsked, RegistrationEnded, CustomerSelfRegistered] as const;
export type RegistrationEvent = EventOf<(typeof registrationEvents)[number]>;

// ---------------------------------------------------------------- state

export type RegistrationReply =
  | { readonly kind: 'ask' | 'hint'; readonly step: RegistrationStep }
  | { readonly kind: 'cancelled' | 'not_understood' | 'registered' };

export interface Registration {
  /** What was asked and is not answered; null: nothing is. */
  readonly open: {
    readonly step: RegistrationStep;
    readonly hinted: boolean;
    readonly name: string | null;
    readonly address: string | null;
    readonly expiresAt: string;
  } | null;
  /** What the last message led to; null: none led to anything. */
  readonly last: { readonly messageId: string; readonly reply: RegistrationReply } | null;
}

export const NO_REGISTRATION: Registration = { open: null, last: null };

/** @returns how far they are after one of the events of a registration */
export function afterRegistration({ type, data }: RegistrationEvent): Registration {
  const { messageId } = data;
  if (type === 'RegistrationAsked') {
    const { isHint, name, address, expiresAt } = data;
    const reply = { kind: isHint ? 'hint' : 'ask', step: data.step } as const;
    const open = { step: data.step, hinted: isHint, name, address, expiresAt };
    return { open, last: { messageId, reply } };
  }
  const kind = type === 'RegistrationEnded' ? data.because : 'registered';
  return { open: null, last: { messageId, reply: { kind } } };
}

// ---------------------------------------------------------------- what they write

export interface RegistrationForm {
  readonly name: string;
  readonly address: string;
}

const MOST_ADDRESS = 1_000;
const BEGINS = /^daftar\s*(#|$)/i;

const seen = (text: string): string => withoutUnseenAround(text).replaceAll(/\s+/gu, ' ');

/** @returns a name as it is kept; null: it is none */
export function nameIn(text: string): string | null {
  const name = seen(text);
  return showsSomething(name) && /\p{L}/u.test(name) && !name.includes('#') ? cutName(name) : null;
}

/** @returns an address as it is kept; null: it is none */
export function addressIn(text: string): string | null {
  const address = seen(text);
  return address.length >= 5 && address.length <= MOST_ADDRESS && /\p{L}/u.test(address) ? address : null;
}

/**
 * @returns `start`: they want to be asked; `bad`: they tried the form; null: the message is about something else
 * ('daftar harga' is)
 */
export function formIn(content: string): RegistrationForm | 'start' | 'bad' | null {
  const text = withoutUnseenAround(content.normalize('NFKC'));
  const [, hash] = BEGINS.exec(text) ?? [];
  if (hash === undefined) return null;
  if (hash === '') return 'start';
  const [, first = '', ...rest] = text.split('#');
  const [name, address] = [nameIn(first), addressIn(rest.join('#'))];
  return name !== null && address !== null ? { name, address } : 'bad';
}

const YES: ReadonlySet<string> = new Set(['ya', 'y', 'iya', 'benar', 'betul', 'ok', 'oke', 'setuju', 'yes']);
const NO: ReadonlySet<string> = new Set(['tidak', 'no', 'salah', 'ulang', 'bukan', 'ubah']);
const CANCEL: ReadonlySet<string> = new Set(['batal', 'batalkan', 'cancel']);

/** A word or two of an answer; null: something else. */
export function answerIn(content: string): 'yes' | 'no' | 'cancel' | null {
  const words = content
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (YES.has(words)) return 'yes';
  if (NO.has(words)) return 'no';
  return CANCEL.has(words) ? 'cancel' : null;
}

// ---------------------------------------------------------------- what we answer

const HOW = 'DAFTAR#nama#alamat, misalnya: DAFTAR#Budi Santoso#Jl. Kenari 5, Batam';

/** What the customer reads (Indonesian). @param known what they have said so far */
export function registrationText(
  reply: RegistrationReply,
  known: { readonly name: string | null; readonly address: string | null },
): string {
  switch (reply.kind) {
    case 'ask':
    case 'hint':
      return (
        (reply.kind === 'hint' && reply.step !== 'form' ? 'Maaf, kami belum mengerti. ' : '') +
        asking(reply.step, known)
      );
    case 'cancelled':
      return 'Baik, pendaftaran dibatalkan. Tulis DAFTAR kapan saja untuk memulai lagi.';
    case 'not_understood':
      return 'Maaf, kami belum dapat membaca pendaftaran Anda. Petugas kami akan membantu Anda.';
    case 'registered':
      return `Terima kasih, ${known.name ?? 'Bapak/Ibu'}. Data Anda sudah kami daftarkan.`;
  }
}

function asking(
  next: RegistrationStep,
  { name, address }: { readonly name: string | null; readonly address: string | null },
): string {
  switch (next) {
    case 'form':
      return `Format pendaftaran belum benar. Tulis: ${HOW}. Atau tulis DAFTAR saja dan kami akan bertanya satu per satu.`;
    case 'name':
      return 'Siapa nama lengkap Anda? (Tulis BATAL untuk berhenti.)';
    case 'address':
      return 'Di mana alamat lengkap Anda? (jalan, nomor, kota)';
    case 'confirm':
      return `Nama: ${name ?? '-'}\nAlamat: ${address ?? '-'}\nApakah sudah benar? Balas YA atau TIDAK.`;
  }
}
