import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { findProgram, WORLD } from '@parley/server/find-built'

// The process of a world is a whole server, which every `parley test` and `parley dev` waits for.
const ROOT = join(import.meta.dirname, '../../../..')
enableCompileCache(join(ROOT, 'node_modules/.cache/compile'))
await import(await findProgram(ROOT, WORLD))
