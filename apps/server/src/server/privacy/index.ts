export type { Erased, Erasing } from './deps.ts'
export { openPrivacy, type Privacy } from './open.ts'
export { KEPT_DOCUMENTS, KEPT_TABLES, keptAsMarkdown, keptInShort } from './kept.ts'
