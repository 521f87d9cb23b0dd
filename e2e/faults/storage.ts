import { parseArgs } from 'node:util'
import { BASE } from '../fill/filled-base.ts'
import { watchSlowness } from '../live/slowness.ts'
import { openSmallDisk } from './small-disk.ts'
import { openStorageBase, type StorageBase } from './storage-base.ts'
import { DISK_MB, type DiskBase, fullDisk, openDiskBase } from './storage-disk.ts'
import {
  clockAhead,
  dumpAtNight,
  type Finding,
  type Manner,
  silentNetwork,
  stuckLock,
} from './storage-faults.ts'
import { startTalk, type Talk } from './storage-talk.ts'

type Fault<Base> = (base: Base, talk: Talk, manner: Manner) => Promise<Finding>
const FAULTS: Record<string, Fault<StorageBase>> = {
  network: silentNetwork,
  lock: stuckLock,
  dump: dumpAtNight,
  clock: clockAhead,
}
/** Whether the node runs the database on the disk that becomes full, or only uses it. */
const DISKS: Record<string, boolean> = { disk: true, 'disk-of-database': false }
const TIMES = 10
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
})
const known = [...Object.keys(FAULTS), ...Object.keys(DISKS)]
const names = positionals.length > 0 ? positionals : known
const unknown = names.find((name) => !known.includes(name))
if (unknown !== undefined) throw new Error(`No fault "${unknown}": ${known.join(', ')}`)

/** Acknowledged before and after each fault, so that the count of what was lost says something. */
const FLOW = values.short ? 50 : 100
await using slowness = watchSlowness()
const complaints: string[] = []
let skipped = 0

/** Makes a fault, again and again, while consumers talk. */
async function suffer<Base extends Pick<StorageBase, 'endpoint'>>(
  name: string,
  base: Base,
  fault: Fault<Base>,
): Promise<void> {
  for (let time = 0; time < (values.short ? 1 : TIMES); time++) {
    const talk = startTalk(base)
    await talk.flows(FLOW)
    const startedAt = performance.now()
    const finding = await fault(base, talk, { short: values.short, slowness })
    const times = slowness.since(startedAt).toFixed(1)
    await talk.flows(FLOW)
    const { acknowledged, complaints: wrong } = await talk.end()
    console.log(
      `${name}: ${finding.measured}; ${acknowledged} acknowledged, ${wrong.length} wrong; the machine at most ${times} times slower than an ordinary one`,
    )
    complaints.push(...[...finding.complaints, ...wrong].map((text) => `${name}: ${text}`))
  }
}

const onNetwork = names.filter((name) => name in FAULTS)
if (onNetwork.length > 0) {
  await using base = await openStorageBase(BASE)
  for (const name of onNetwork) {
    const fault = FAULTS[name]
    if (fault) await suffer(name, base, fault)
  }
}
for (const name of names.filter((one) => one in DISKS)) {
  const disk = openSmallDisk(DISK_MB)
  if (typeof disk === 'string') {
    console.log(`${name}: left out, ${disk}`)
    skipped += 1
    continue
  }
  using _disk = disk
  await using base = await openDiskBase(disk, BASE, DISKS[name] === true)
  await suffer<DiskBase>(name, base, fullDisk)
}
for (const complaint of complaints) console.error(complaint)
const failed = new Set(complaints.map((text) => text.split(':')[0])).size
console.log(
  `${names.length - failed - skipped} passed, ${skipped} left out, ${complaints.length} complaints`,
)
process.exitCode = complaints.length === 0 ? 0 : 1
