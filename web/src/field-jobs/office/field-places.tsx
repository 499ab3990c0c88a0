/** From one screen of the office to the next. */
import { Link } from '@tanstack/react-router';
import { CalendarCog, ChartColumn, ClipboardList } from 'lucide-react';
import { buttonClass } from '../../ui/button.tsx';

const PLACES = [
  { to: '/jobs', label: 'Papan', icon: ClipboardList },
  { to: '/capacity', label: 'Kapasitas', icon: CalendarCog },
  { to: '/jobs/figures', label: 'Angka', icon: ChartColumn },
] as const;

export function FieldPlaces({ here }: { readonly here: (typeof PLACES)[number]['to'] | null }) {
  return PLACES.filter(({ to }) => to !== here).map(({ to, label, icon: Icon }) => (
    <Link key={to} to={to} className={buttonClass()}>
      <Icon className="size-4" aria-hidden="true" />
      {label}
    </Link>
  ));
}
