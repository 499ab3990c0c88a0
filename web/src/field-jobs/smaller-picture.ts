/** What a camera of today takes is ten times what anybody looks at: it goes out at a size that a weak network carries. */
const WORTH_IT = 1_000_000;
const LONGEST = 2_048;
const QUALITY = 0.82;

/** @returns the same picture with its longer side at most 2,048 pixels, as JPEG; the file itself where that saves nothing, or is no picture that this browser reads */
export async function smaller(file: File): Promise<File> {
  if (file.size < WORTH_IT || !/^image\/(?:jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/jpeg', QUALITY);
    });
    if (made === null || made.size >= file.size) return file;
    return new File([made], file.name, { type: made.type });
  } catch {
    return file; // not readable here: the API decides by its bytes
  }
}
