/** What the chat's API answers. */
export type Mode = 'bot' | 'waiting_admin' | 'admin' | 'closed';
export interface DeskStatus {
  readonly state: 'online' | 'busy' | 'off_hours';
  readonly next_open_at: string | null;
  readonly eta_minutes: readonly [number, number] | null;
}
export interface Choice {
  readonly intent: string;
  readonly title: string;
}
export interface Source {
  readonly title: string;
  readonly url?: string;
}
export interface Session {
  readonly session_id: string;
  readonly token: string;
  readonly expires_at: string;
  /** How the bot calls itself. */
  readonly name: string;
  readonly greeting: string;
  readonly disclaimer: string;
  readonly suggestions: readonly Choice[];
  readonly status: DeskStatus;
}
export interface Cta {
  readonly primary: string;
  readonly secondary: string;
}
/** One line of the thread. */
export interface Message {
  readonly id: string;
  readonly role: 'visitor' | 'bot' | 'admin' | 'system';
  readonly name: string | null;
  readonly text: string;
  readonly sent_at: string;
  readonly intent: string | null;
  readonly benefits: readonly string[];
  readonly cta: Cta | null;
  readonly sources: readonly Source[];
  readonly choices: readonly Choice[];
  readonly attachments: readonly Attachment[];
}
export interface Attachment {
  readonly name: string | null;
  readonly mime_type: string;
  readonly size: number;
  readonly url: string;
}
export interface Answer {
  readonly confidence: number;
  readonly outcome: 'answered' | 'asked' | 'unanswered' | 'ruled' | null;
  readonly mode: Mode;
}
export interface Waiting {
  readonly mode: Mode;
  readonly queue_position: number | null;
  readonly eta_minutes: readonly [number, number] | null;
}
export interface Thread extends Waiting {
  readonly messages: readonly Message[];
}
export interface Escalation extends Waiting {
  readonly hours: DeskStatus;
  readonly whatsapp_url?: string;
}
/** What the stream says, by the name of the event. */
export interface StreamData {
  readonly message: Message;
  readonly mode: { readonly mode: Mode; readonly admin: string | null };
  readonly queue: Omit<Waiting, 'mode'>;
  readonly status: DeskStatus;
  readonly typing: { readonly by: string };
}
