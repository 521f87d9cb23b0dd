import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostileTable } from './suite.ts'

/** Renews the table in docs/attacks.md: `node e2e/hostile/write-table.ts`. */
const file = join(import.meta.dirname, '../../docs/attacks.md')
const text = readFileSync(file, 'utf8')
const [before = '', rest = ''] = text.split('<!-- hostile functions -->\n')
const [, after = ''] = rest.split('<!-- end of hostile functions -->')
const marked = `<!-- hostile functions -->\n${hostileTable()}\n<!-- end of hostile functions -->`
writeFileSync(file, `${before}${marked}${after}`)
