import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const PINNED_NODE = pathToFileURL(join(import.meta.dirname, 'pinned-node.mjs')).href

test('what runs under the pinned Node ends when the older Node that stands in for it is killed', async () => {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'parley-stands-in-'))
  const [launcher, entry] = [
    join(temporary.path, 'launcher.mjs'),
    join(temporary.path, 'entry.mjs'),
  ]
  writeFileSync(
    launcher,
    `if (!process.connected) Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })
const { runWithPinnedNode } = await import('${PINNED_NODE}')
await runWithPinnedNode(import.meta.url, '${pathToFileURL(entry).href}')
`,
  )
  writeFileSync(
    entry,
    `process.on('SIGTERM', () => {
  process.stdout.write('ends')
  process.exit()
})
setInterval(() => {}, 60_000)
process.stdout.write(process.pid + ' runs, ')
`,
  )
  const standIn = spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  standIn.stdout.on('data', (data: Buffer) => (said += data.toString()))
  await expect.poll(() => said).toContain('runs')
  const pid = Number.parseInt(said)
  expect(pid).not.toBe(standIn.pid)
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  })

  standIn.kill('SIGKILL')

  await once(standIn.stdout, 'close')
  expect(said).toMatch(/^\d+ runs, ends$/)
})
