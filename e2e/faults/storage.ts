import { parseArgs } from 'node:util'
import { openStorageBase, type StorageBase } from './storage-base.ts'
import {
  clockAhead,
  dumpAtNight,
  type Finding,
  silentNetwork,
  stuckLock,
} from './storage-faults.ts'
import { startTalk, type Talk } from './storage-talk.ts'

const FAULTS: Record<string, (base: StorageBase, talk: Talk) => Promise<Finding>> = {
  network: silentNetwork,
  lock: stuckLock,
  dump: dumpAtNight,
  clock: clockAhead,
}
const CONVERSATIONS = 200_000
const TIMES = 10

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
})
const names = positionals.length > 0 ? positionals : Object.keys(FAULTS)

await using base = await openStorageBase(CONVERSATIONS)
const complaints: string[] = []
for (const name of names) {
  const fault = FAULTS[name]
  if (!fault) throw new Error(`No fault "${name}": ${Object.keys(FAULTS).join(', ')}`)
  for (let time = 0; time < (values.short ? 1 : TIMES); time++) {
    const talk = startTalk(base)
    const finding = await fault(base, talk)
    const { acknowledged, complaints: wrong } = await talk.end()
    console.log(`${name}: ${finding.measured}; ${acknowledged} acknowledged, ${wrong.length} wrong`)
    complaints.push(...[...finding.complaints, ...wrong].map((text) => `${name}: ${text}`))
  }
}
for (const complaint of complaints) console.error(complaint)
console.log(
  `${names.length - new Set(complaints.map((text) => text.split(':')[0])).size} passed, ${complaints.length} complaints`,
)
process.exitCode = complaints.length === 0 ? 0 : 1
