import { randomInt } from 'node:crypto';
import { CODE_LENGTH, CODE_LETTERS } from '../../domain/chat/handoff-code.ts';

/** A code that nobody guesses within its day: 28 letters, 8 of them. */
export const newHandoffCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join('');
