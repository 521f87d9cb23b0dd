import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Monotonic, systemMonotonic } from '#base/kernel'
import { readProcFile } from './child.ts'
import { openTestSandbox } from './test-sandbox.fixture.ts'

/** It keeps memory by which its runtime is known. */
const ECHO = `
globalThis.kept = new Uint8Array(50_000_000).fill(1)
function lambda(input, callback) { callback(null, input.payload) }`

/** Machinery's time, which only the test moves: `tick` lets a tenth of a second pass, and all that happens so often happens. */
function steppedMonotonic(): { monotonic: Monotonic; tick(): void } {
  const ticks = new Set<() => void>()
  let now = 0
  return {
    monotonic: {
      ...systemMonotonic(),
      now: () => now,
      every(_ms, tick) {
        ticks.add(tick)
        return { [Symbol.dispose]: () => void ticks.delete(tick) }
      },
    },
    tick() {
      now += 100
      for (const tick of Array.from(ticks)) tick()
    },
  }
}

function statusOf(pid: number, name: 'PPid' | 'RssAnon'): number {
  const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readProcFile(`/proc/${pid}/status`))
  return Number(match?.[1] ?? 0)
}

const parentOf = (pid: number) => statusOf(pid, 'PPid')

/** The runtime with the most memory of its own that this process has started, in a process namespace or not. */
function largestRuntime(): number {
  const [largest] = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readProcFile(`/proc/${name}/comm`) === 'deno\n')
    .map(Number)
    .filter((pid) => [parentOf(pid), parentOf(parentOf(pid))].includes(process.pid))
    .toSorted((one, other) => statusOf(other, 'RssAnon') - statusOf(one, 'RssAnon'))
  return largest!
}

test.runIf(process.platform === 'linux')(
  'a function whose instance gets no processor has no second one before a second is over',
  async () => {
    const { monotonic, tick } = steppedMonotonic()
    const config = { limits: { warmPool: 0 } }
    await using box = await openTestSandbox({ monotonic, config })
    const version = { deploymentId: 'starved' }
    const call = () => box.run(ECHO, { payload: 1, version })
    await call()
    const pid = largestRuntime()
    process.kill(pid, 'SIGSTOP')
    const waiting = [call()]
    // It is asked whether it lives, and does not answer.
    for (let ticks = 0; ticks < 4; ticks += 1) tick()
    waiting.push(call())
    tick()
    expect(box.sandbox.stats()).toMatchObject({ instances: 1, inFlight: 2, queued: 0 })

    // It may as well wait within a call.
    for (let ticks = 0; ticks < 8; ticks += 1) tick()
    const { ok, start } = await call()
    expect({ ok, isWarm: start === 'warm' }).toEqual({ ok: true, isWarm: false })
    process.kill(pid, 'SIGCONT')
    for (const outcome of await Promise.all(waiting)) {
      expect(outcome).toMatchObject({ ok: true, start: 'warm' })
    }
  },
)
