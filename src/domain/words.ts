/** What people type, as people see it. */

/** Besides blanks, controls and marks of direction of every script: fillers, and what only changes the letter before it. */
const SEEN = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
const AROUND = /^[\p{Z}\p{Cc}\p{Cf}]+|[\p{Z}\p{Cc}\p{Cf}]+$/gu;

/** Whether a person would see anything of it. */
export const showsSomething = (text: string): boolean => SEEN.test(text);

/** Without what shows nothing around it, as copying brings along. */
export const withoutUnseenAround = (text: string): string => text.replaceAll(AROUND, '');
