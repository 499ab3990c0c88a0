/** The name in FILES_DIR of the attachment with this id. */
export const fileKey = (id: string): string => `media/${id}`;
