import { z } from 'zod';
import { uuid } from '../../domain/vocabulary.ts';

/** A member of staff as every view names one: an id, and the name they have now. */
export const person = z.strictObject({ id: uuid, name: z.string() }).meta({ id: 'Person' });
export type Person = Readonly<z.infer<typeof person>>;
