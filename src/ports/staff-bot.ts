/** The bot that speaks to staff on Telegram (docs/design/field-service.md#staff-bot), apart from those that customers write to. */
export type StaffBotOutcome =
  /** `messageId`: of a message that was sent. */
  | { readonly kind: 'done'; readonly messageId: number | null }
  /** The person stopped the bot, or their account is gone. */
  | { readonly kind: 'blocked' }
  /** Not taken: to be asked again after so many milliseconds. */
  | { readonly kind: 'later'; readonly afterMs: number }
  /** Nobody knows whether it was taken. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly code: string };

/** `data` comes back with the tap: 64 bytes at most. */
export interface StaffBotButton {
  readonly text: string;
  readonly data: string;
}

/** Each function asks once and never rejects. A chat is named as the person's account is. */
export interface StaffBot {
  say(
    chat: string,
    text: string,
    button: StaffBotButton | null,
    signal: AbortSignal,
  ): Promise<StaffBotOutcome>;
  /** Another text in place of a message of ours, without its button. One that says so already is done. */
  rewrite(chat: string, messageId: number, text: string, signal: AbortSignal): Promise<StaffBotOutcome>;
  /** What a tap leads to, shown over the chat; up to 200 characters. Telegram waits 15 seconds for it. */
  answerTap(tapId: string, text: string, signal: AbortSignal): Promise<StaffBotOutcome>;
}
