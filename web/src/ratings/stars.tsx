import { Star } from 'lucide-react';
import { cx } from '../ui/classes.ts';

/** One to five, in stars and in words. */
export function Stars({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className="text-[13px] text-soft">{label}</span>
      <span role="img" aria-label={`${String(value)} dari 5`} className="inline-flex">
        {[1, 2, 3, 4, 5].map((n) => (
          <Star
            key={n}
            className={cx('size-4', n <= value ? 'fill-yellow text-yellow' : 'text-line-strong')}
            aria-hidden="true"
          />
        ))}
      </span>
    </span>
  );
}
