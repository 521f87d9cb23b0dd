import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newDataDir } from '../live/parley.ts'
import { askBase } from './ask.ts'
import { BASE, fill, keptBase } from './filled-base.ts'

/** Conversations between two lines of progress. */
const PROGRESS = 100_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    kept: { type: 'boolean', default: false },
    ask: { type: 'boolean', default: false },
  },
})
const conversations = Number(positionals[0] ?? BASE)
if (!Number.isSafeInteger(conversations) || conversations < 1000) {
  console.error(
    'Usage: npm run fill -- [conversations, 1000 or more] [--data <folder> | --kept] [--ask]\n--ask: how long requests take on it; a folder that is filled already is not filled again',
  )
  process.exit(2)
}
if (values.kept) {
  console.log(await keptBase(conversations))
  process.exit()
}
const url = process.env['DATABASE_URL']
const dataDir = values.data ?? newDataDir()
const isFilled = values.ask && existsSync(join(dataDir, 'first-run.json'))
if (!isFilled) {
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  let told = 0
  await fill({ dataDir, url }, conversations, (made) => {
    if (made - told < PROGRESS) return
    told = made
    console.log(`${made} conversations, ${seconds()} s`)
  })
  console.log(`${conversations} conversations in ${seconds()} s`)
}
if (values.ask) console.table(await askBase(dataDir))
console.log(
  `Start Parley on them with PARLEY_DATA=${dataDir} npm start; log in with ${dataDir}/first-run.json`,
)
