import { parseArgs } from 'node:util'
import { newDataDir } from '../live/parley.ts'
import { fill } from './filled-base.ts'

const DEFAULT = 200_000
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' } },
})
const conversations = Number(positionals[0] ?? DEFAULT)
if (!Number.isSafeInteger(conversations) || conversations < 1000) {
  console.error('Usage: npm run fill -- [conversations, 1000 or more] [--data <new folder>]')
  process.exit(2)
}
const url = process.env['DATABASE_URL']
const dataDir = values.data ?? newDataDir()
const startedAt = performance.now()
const seconds = () => Math.round((performance.now() - startedAt) / 1000)
await fill({ dataDir, url }, conversations, (made) => {
  if (made % 100_000 === 0) console.log(`${made} conversations, ${seconds()} s`)
})
console.log(`${conversations} conversations in ${seconds()} s`)
console.log(
  `Start Parley on them with PARLEY_DATA=${dataDir} npm start; log in with ${dataDir}/first-run.json`,
)
