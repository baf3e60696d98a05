// JSON for programs, two spaces to a level, and on one line for people.
export { readableJson as asJson, readableJsonLine as asJsonLine } from '@gati-framework/storage-tools';
