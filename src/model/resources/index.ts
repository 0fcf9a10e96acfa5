/** The sorts of resources. A new one is a file in this folder and a line in this list. */
import type { ResourceEntry } from '../entry.ts'
import { streams } from './stream/entry.ts'
import { tables } from './table.ts'

export const RESOURCES: readonly ResourceEntry<never, never>[] = [streams, tables]
