const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** What {@link updateCrc} begins with. */
export const CRC_START = 0xffffffff;

/** CRC-32 as in zip and PNG; any burst of damage up to 32 bits long changes it. */
export function crc32(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  return crcOf(updateCrc(CRC_START, bytes, start, end));
}

/** Goes on with bytes that follow; {@link crcOf} is then that of all of them. */
export function updateCrc(state: number, bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = state;
  for (let i = start; i < end; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return crc;
}

export function crcOf(state: number): number {
  return (state ^ 0xffffffff) >>> 0;
}
