import { cx } from '../classes.ts';

interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly of: number;
  /** What went wrong of it: the last piece of the bar. */
  readonly failed?: number;
  readonly className?: string;
}

/** How far long work is. */
export function Progress({ label, done, of, failed = 0, className }: ProgressProps) {
  const share = (count: number): string => `${String(of === 0 ? 0 : Math.min(100, (count / of) * 100))}%`;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(of, done + failed)}
      className={cx('flex h-2.5 overflow-hidden rounded-full bg-sunken', className)}
    >
      <span className="h-full bg-accent transition-[width] duration-300" style={{ width: share(done) }} />
      <span className="h-full bg-danger transition-[width] duration-300" style={{ width: share(failed) }} />
    </div>
  );
}
