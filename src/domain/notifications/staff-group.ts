/** What a group of staff in a chat reads of customers who wait: whoever looks at that phone learns nobody's name or number. */

/** `Budi Santoso` -> `B*** S***`. @param name null: not known */
export function maskedName(name: string | null): string {
  const words = (name ?? '').split(/\s+/).filter((word) => word !== '');
  // A number, or what is no name, has no letter to show.
  const shown = words.flatMap((word) => {
    const [first = ''] = word;
    return /\p{L}/u.test(first) ? [`${first.toUpperCase()}***`] : [];
  });
  return shown.length === 0 ? 'Pelanggan' : shown.slice(0, 3).join(' ');
}

export interface WaitingCustomer {
  readonly division: string;
  readonly name: string | null;
}

const MOST_NAMED = 10;
const lineOf = ({ division, name }: WaitingCustomer): string =>
  `- ${division.toUpperCase()}: ${maskedName(name)}`;

/** Customers who wait in the queue for so many minutes. */
export function waitingText(minutes: number, customers: readonly WaitingCustomer[]): string {
  const more = customers.length - MOST_NAMED;
  return [
    `Menunggu lebih dari ${String(minutes)} menit: ${String(customers.length)} pelanggan`,
    ...customers.slice(0, MOST_NAMED).map(lineOf),
    ...(more > 0 ? [`dan ${String(more)} lagi`] : []),
    'Buka dashboard untuk mengambil tiketnya.',
  ].join('\n');
}

/** An agent did not answer in time, so the ticket was passed on. */
export const escalatedText = (customer: WaitingCustomer): string =>
  ['Tiket dialihkan karena belum dijawab', lineOf(customer), 'Buka dashboard untuk melihatnya.'].join('\n');
