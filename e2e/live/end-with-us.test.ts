import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from './process-tree.ts'

/** Starts a process in a group of its own, says its id, and waits. */
const PROGRAM = `
import { spawn } from 'node:child_process'
import { endWithUs } from ${JSON.stringify(join(import.meta.dirname, 'end-with-us.ts'))}
const { pid } = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
endWithUs(pid)
process.stdout.write(String(pid))
`

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'what was started in a group of its own ends with a process that is ended by %s',
  async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const pid = Number(said.toString())
    expect(isAlive(pid)).toBe(true)
    child.kill(signal)
    await expect.poll(() => isAlive(pid)).toBe(false)
  },
)
