/** A picture for each service, in the four colours of the site (`styles.css`: .c1 to .c4, .line). They decorate: no words. */
import type { Division } from '../content.ts';

const Frame = ({ children }: { children: preact.ComponentChildren }) => (
  <svg class="art" viewBox="0 0 320 200" aria-hidden="true" focusable="false">
    <path class="sand" d="M0 160h320v40H0z" />
    {children}
  </svg>
);

/** Crates on a pallet, and a motorbike beside them. */
const Cargo = () => (
  <Frame>
    <circle class="sun" cx="262" cy="52" r="26" />
    <path class="c1" d="M34 92h62v56H34z" />
    <path class="c2" d="M100 76h76v72h-76z" />
    <path class="c3" d="M52 46h56v42H52z" />
    <path class="line" d="M65 92v20M138 76v26M80 46v16M34 112h18M158 128h18" />
    <path class="c4" d="M26 150h160v8H26zM36 158h14v8H36zM98 158h14v8H98zM160 158h14v8h-14z" />
    <circle class="wheel" cx="218" cy="144" r="19" />
    <circle class="wheel" cx="288" cy="144" r="19" />
    <path class="frame" d="M218 144l18-34h30l22 34M236 110l22 32h-36M266 110l-8-20h-14" />
    <path class="c2" d="M226 98h34l8 14h-38z" />
  </Frame>
);

/** A car on the deck of a ship. */
const Car = () => (
  <Frame>
    <circle class="sun" cx="60" cy="50" r="26" />
    <path class="c1" d="M20 150h280l-26 36H52z" />
    <path class="c4" d="M20 142h280v8H20zM250 66h34v76h-34z" />
    <path class="c3" d="M256 76h22v14h-22zM256 98h22v14h-22z" />
    <path
      class="c2"
      d="M62 106l20-30c3-5 8-8 14-8h58c6 0 11 2 15 6l30 30 28 6c7 2 11 7 11 14v12H50v-14c0-9 5-14 12-16z"
    />
    <path class="glass" d="M88 102l13-20h22v20zM131 82h20c4 0 7 1 10 4l16 16h-46z" />
    <circle class="wheel" cx="92" cy="136" r="17" />
    <circle class="wheel" cx="194" cy="136" r="17" />
    <path class="wave" d="M0 186c20-10 40-10 60 0s40 10 60 0 40-10 60 0 40 10 60 0 40-10 80 0" />
  </Frame>
);

/** A house, and a van with its door open. */
const Move = () => (
  <Frame>
    <circle class="sun" cx="196" cy="44" r="26" />
    <path class="c3" d="M30 84h100v78H30z" />
    <path class="c1" d="M20 88l60-52 60 52z" />
    <path class="c4" d="M66 116h30v46H66z" />
    <path class="glass" d="M42 98h20v20H42zM102 98h18v20h-18z" />
    <path class="c2" d="M164 76h84v76h-84z" />
    <path class="c1" d="M248 98h30c5 0 9 2 12 6l14 20v28h-56z" />
    <path class="glass" d="M256 106h20l12 18h-32z" />
    <path class="line" d="M184 96h44M184 110h28" />
    <circle class="wheel" cx="190" cy="154" r="16" />
    <circle class="wheel" cx="274" cy="154" r="16" />
    <path class="c3" d="M138 138h22v22h-22z" />
    <path class="line" d="M149 138v10" />
  </Frame>
);

const ART = { sari: Cargo, savi: Car, safia: Move } as const;

export function ServiceArt({ division }: { readonly division: Division }) {
  const Art = ART[division];
  return <Art />;
}
