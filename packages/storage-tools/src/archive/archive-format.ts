/**
 * An archive is UTF-8 text, a line each, for people, `jq` and `diff` as much as for programs:
 *
 *     {"format":"gati-storage-archive","version":1}
 *     {"n":1,"kind":"manifest","value":{"handlerId":"users.get", ...},"crc32":"1c291ca3"}
 *     {"n":2,"kind":"gtype","devalue":"[{\"ref\":1, ...}]","crc32":"8e02d1a5"}
 *     {"records":2,"sha256":"9f86d08..."}
 *
 * Records stand in the order of `entries()`: by kind, within a kind in first-stored
 * order, so that the order of everything survives. A value that JSON cannot carry
 * is in the format of the devalue library. `crc32` is of the bytes of its line
 * before `,"crc32"`, and says which line is damaged; `sha256` is of every byte
 * before the last line. Nothing else is in it, no time and no revision: equal
 * content is equal bytes.
 */
export const ARCHIVE_FORMAT = 'gati-storage-archive';

/** The newest version that is read, and the one that is written. */
export const ARCHIVE_VERSION = 1;

/** What a record's line ends with after its content: `,"crc32":"1c291ca3"}`. */
export const CHECKSUM_LENGTH: number = ',"crc32":"01234567"}'.length;

export function checksumOf(checksum: number): string {
  return `,"crc32":"${checksum.toString(16).padStart(8, '0')}"}`;
}
