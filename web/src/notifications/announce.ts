/** A sound for what comes while one works: L1 and L2 sound apart (docs/design/dashboard.md#notifications). */
import type { AppNotification } from '../lib/api.ts';
import { readLocal } from '../lib/local.ts';

type Tone = readonly (readonly [frequency: number, at: number])[];
const L1: Tone = [
  [784, 0],
  [1047, 0.11],
];
const L2: Tone = [[440, 0]];

let audio: AudioContext | undefined;

function play(tone: Tone): void {
  audio ??= new AudioContext();
  // A browser lets a page sound only after somebody touched it.
  if (audio.state !== 'running') return;
  for (const [frequency, at] of tone) {
    const start = audio.currentTime + at;
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.25);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.3);
  }
}

let lastAt = -Infinity;

export function announce({ layer }: AppNotification): void {
  if (readLocal('sound') === 'off' || performance.now() - lastAt < 1_500) return;
  lastAt = performance.now();
  play(layer === 'L2' ? L2 : L1);
}
