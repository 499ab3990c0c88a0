const SHAPES = {
  send: 'M4 12l16-8-6 16-3-6-7-2zM11 14l4-4',
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M12 4.5a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6zM12 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6zM12 17.9a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6z',
  back: 'M15 5l-7 7 7 7',
  up: 'M7 11v9H4v-9zM7 11l4-8c2 0 3 1 3 3l-1 4h6c1 0 2 1 2 2l-2 6c0 1-1 2-2 2H7',
  down: 'M7 13V4H4v9zM7 13l4 8c2 0 3-1 3-3l-1-4h6c1 0 2-1 2-2l-2-6c0-1-1-2-2-2H7',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-7 8-7s8 3 8 7',
  chat: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z',
} as const;

export const Icon = ({ name }: { readonly name: keyof typeof SHAPES }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={SHAPES[name]} />
  </svg>
);
