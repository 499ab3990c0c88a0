/** What the chat's API answers, as its document says it. */
import type { components, operations } from '../../../client/api.ts';

type Schemas = components['schemas'];
type DataOf<
  Answer extends { readonly content: { readonly 'application/json': { readonly data: unknown } } },
> = Answer['content']['application/json']['data'];

export type Session = DataOf<operations['startChat']['responses'][201]>;
export type Answer = DataOf<operations['chat']['responses'][200]>;
export type Thread = DataOf<operations['chatMessages']['responses'][200]>;
export type Escalation = DataOf<operations['escalateChat']['responses'][200]>;
export type LeftMessage = NonNullable<
  operations['leaveMessage']['requestBody']
>['content']['application/json'];
export type Message = Schemas['ChatMessage'];
export type Choice = Message['choices'][number];
export type DeskStatus = Schemas['ChatStatus'];
export type Mode = Thread['mode'];
export type Waiting = Pick<Thread, 'mode' | 'queue_position' | 'eta_minutes'>;
/** What the stream says, by the name of the event. */
export interface StreamData {
  readonly message: Message;
  readonly mode: Schemas['ChatStreamMode'];
  readonly queue: Schemas['ChatStreamQueue'];
  readonly status: DeskStatus;
  readonly typing: Schemas['ChatStreamTyping'];
}
