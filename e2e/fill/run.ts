import { parseArgs } from 'node:util'
import { newDataDir } from '../live/parley.ts'
import { BASE, fill, keptBase } from './filled-base.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, kept: { type: 'boolean', default: false } },
})
const conversations = Number(positionals[0] ?? BASE)
if (!Number.isSafeInteger(conversations) || conversations < 1000) {
  console.error(
    'Usage: npm run fill -- [conversations, 1000 or more] [--data <new folder> | --kept]',
  )
  process.exit(2)
}
if (values.kept) {
  console.log(await keptBase(conversations))
  process.exit()
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
