/** The variables of WhatsApp's Cloud API. Its secrets are Meta's (`../meta/config.ts`). */
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import {
  anyText,
  divisionNamed,
  each,
  hidden,
  serviceUrl,
  splitList,
  text,
  withDefault,
} from '../settings.ts';

interface WaPhone {
  readonly division: Division;
  readonly displayName: string;
}

/** `PHONE_ID_001:sari:Saga Kargo,PHONE_ID_002:savi:Saga Mobil` */
export const waPhoneMap = text(
  `must look like PHONE_ID:division:display name, separated by commas; divisions: ${DIVISIONS.join(', ')}`,
  (value) => {
    const entries = each(splitList(value), (part) => {
      const [, id, name, displayName] = /^([^:\s]+):([a-z]+):(.+)$/.exec(part) ?? [];
      const found = divisionNamed(name);
      return id !== undefined && found && displayName !== undefined
        ? ([id, { division: found, displayName: displayName.trim() }] as const)
        : undefined;
    });
    const map: ReadonlyMap<string, WaPhone> | undefined = entries && new Map(entries);
    return map?.size === entries?.length ? map : undefined; // one number cannot have two divisions
  },
);

export const WHATSAPP_VARIABLES = {
  WA_PHONE_MAP: withDefault(
    waPhoneMap,
    'PHONE_ID_001:sari:Saga Kargo,PHONE_ID_002:savi:Saga Mobil,PHONE_ID_003:safia:Sagamovers',
    'WhatsApp numbers as phone_number_id:division:display name,... Several of one division are normal; the first one is used where nothing says which.',
  ),
  WHATSAPP_API_URL: withDefault(
    serviceUrl,
    'https://graph.facebook.com/v25.0',
    'WhatsApp Cloud API, with its version. May be a simulator on this machine.',
  ),
  WHATSAPP_TOKEN: hidden(
    anyText,
    'Access token of the WhatsApp numbers. Unset: replies stay queued; npm run demo starts a simulator.',
  ),
} as const;
