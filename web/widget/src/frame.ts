/** The page that other sites show in a frame: the panel alone. Who may show it says the server (`frame-ancestors`). */
import type { Opening, PanelModule } from './shapes.ts';

const key = new URLSearchParams(location.search).get('site_key') ?? '';
const place = document.createElement('div');
document.body.append(place);
const root = place.attachShadow({ mode: 'open' });

/** Who shows us; every parent that a browser lets in is one of this site key. */
let parentOrigin = '*';
const tell = (message: object): void => parent.postMessage(message, parentOrigin);

const { mount } = (await import(location.origin + PANEL)) as PanelModule;
const panel = mount(root, {
  base: location.origin,
  desks: [{ key, name: '', about: '' }],
  onClose: () => tell({ saga: 'close' }),
  onUnread: (count) => tell({ saga: 'unread', count }),
});

addEventListener(
  'message',
  ({ source, origin, data }: MessageEvent<{ saga?: string; opening?: Opening }>) => {
    if (source !== parent) return;
    parentOrigin = origin;
    if (data.saga === 'open') panel.open(data.opening ?? {});
    if (data.saga === 'close') panel.close();
  },
);
tell({ saga: 'ready' });
if (parent === window) panel.open({});
