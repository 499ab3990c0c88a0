import type { Channel } from '../lib/api.ts';
import { CHANNEL } from '../lib/id.ts';
import { cx } from '../ui/classes.ts';

/** Shapes of our own that say which channel, in its colour: no trademark is copied. */
const PATHS: Record<Channel, { readonly colour: string; readonly path: string }> = {
  whatsapp: {
    colour: '#1fa855',
    path: 'M8 1.500a6.500 6.500 0 0 0-5.600 9.800L1.600 14.400l3.200-.8A6.500 6.500 0 1 0 8 1.500Z',
  },
  telegram: {
    colour: '#2a8fd0',
    path: 'M14.500 2.200 1.500 7.300l3.700 1.500 1.500 4.700 2.300-2.600 3.400 2.600Z',
  },
  instagram: {
    colour: '#c13584',
    path: 'M4.500 1.500h7a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-7a3 3 0 0 1-3-3v-7a3 3 0 0 1 3-3ZM8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600Z',
  },
  facebook: {
    colour: '#5b6cf0',
    path: 'M8 1.500c-3.800 0-6.600 2.700-6.600 6.100 0 1.900.8 3.500 2.200 4.600v2.600l2.300-1.300c.7.2 1.400.3 2.100.3 3.800 0 6.600-2.700 6.600-6.200S11.800 1.500 8 1.500Z',
  },
  web: {
    colour: '#6b7280',
    path: 'M2.500 2.500h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H8.500L5 14.300v-2.800H2.500a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z',
  },
};

export function ChannelIcon({
  channel,
  className,
}: {
  readonly channel: Channel;
  readonly className?: string;
}) {
  const { colour, path } = PATHS[channel];
  return (
    <svg
      viewBox="0 0 16 16"
      role="img"
      aria-label={CHANNEL[channel]}
      className={cx('size-3.5 shrink-0', className)}
    >
      <title>{CHANNEL[channel]}</title>
      <path d={path} fill={colour} fillRule="evenodd" />
    </svg>
  );
}
