/** Bytes from outside as JSON, where being none is an expected outcome. */

/** Undefined for what is no JSON. */
export function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}
