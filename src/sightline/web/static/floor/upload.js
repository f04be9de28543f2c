// A drawing made fit for the hub: upright, not larger than screens need, PNG or JPEG.

const LONGEST = 4096; // px
const AS_IT_IS = 3 << 20; // bytes of a PNG that need no packing anew

/** What to send for a file; the file itself where the browser cannot read it, so that the hub
 *  says what is wrong. */
export async function fit(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (file.type === "image/png" && scale === 1 && file.size <= AS_IT_IS) return file;
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const type = file.type === "image/jpeg" ? file.type : "image/png";
  return canvas.convertToBlob({ type, quality: 0.9 });
}
