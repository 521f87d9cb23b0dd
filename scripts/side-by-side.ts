import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { processTree } from '../e2e/live/process-tree.ts'

// Runs commands, some at a time, and prints what each has said when it has ended, with its minutes. All of them are run; one that
// fails, or does not end in its time, fails the whole, and its last words stand at the end once more.
const { values, positionals: commands } = parseArgs({
  allowPositionals: true,
  options: {
    lanes: { type: 'string', default: '2' },
    /** For each command; then it is ended with everything that it has started. */
    minutes: { type: 'string', default: '20' },
  },
})
const LAST_WORDS = 3_000
const limitMs = Number(values.minutes) * 60_000
const running = new Set<number>()
const failed: string[] = []
const table: string[] = []
const queue = commands.values()

process.once('exit', () => running.forEach(endTree))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

await Promise.all(
  Array.from({ length: Number(values.lanes) }, async () => {
    for (const command of queue) await run(command)
  }),
)
print(table.join('\n'))
for (const reason of failed) print(reason)
process.exitCode = failed.length === 0 ? 0 : 1

async function run(command: string): Promise<void> {
  const startedAt = performance.now()
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
  const pid = child.pid ?? 0
  running.add(pid)
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data))
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    endTree(pid)
  }, limitMs)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(limit)
  running.delete(pid)
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
  print(`\n-- ${command}`)
  const all = Buffer.concat(said)
  process.stdout.write(all)
  table.push(`${minutes.padStart(5)} min  ${command}`)
  if (!isLate && code === 0) return
  const reason = isLate
    ? `ended after ${values.minutes} minutes, which is its limit`
    : `failed with ${code}`
  failed.push(`${all.toString().slice(-LAST_WORDS)}${command}: ${reason}`)
}

function endTree(pid: number): void {
  for (const one of processTree(pid)) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
