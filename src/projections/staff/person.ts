import { z } from 'zod';
import { uuid } from '../../domain/vocabulary.ts';

/** A member of staff as every view names one: an id, and the name they have now. */
export const person = z
  .strictObject({ id: uuid, name: z.string() })
  .meta({ id: 'Person', memberExamples: { id: '019a9d1e-7c00-7000-8000-000000000301' } });
export type Person = Readonly<z.infer<typeof person>>;
